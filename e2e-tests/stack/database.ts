import { once } from 'node:events';
import net from 'node:net';

/**
 * The database server for Rekor v1: `STACK_MYSQL`, in the form of Go's driver
 * (`user:password@tcp(host:port)/`), else MySQL or MariaDB where they listen by
 * default, with a root without a password.
 */
export const databaseServer =
  process.env.STACK_MYSQL ?? 'root@tcp(127.0.0.1:3306)/';

/** Whether something listens there. */
export async function databaseAnswers(): Promise<boolean> {
  const [, host, port] =
    /@tcp\(([^:)]+):(\d+)\)\//.exec(databaseServer) ?? badServer();
  const socket = net.connect(Number(port), host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function badServer(): never {
  throw new Error(
    'STACK_MYSQL has another form than user:password@tcp(host:port)/',
  );
}
