/**
 * The program `ct`.
 *
 * @packageDocumentation
 */
import { processSurroundings } from './Surroundings';
import { main } from './main';

main(process.argv.slice(2), processSurroundings()).then(code => {
  // Not process.exit: what was written to a pipe may still be on its way.
  process.exitCode = code;
});
