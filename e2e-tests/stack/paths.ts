import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '..', '..');

/** Everything the stack writes stays in this ignored folder. */
export const toolsDir = path.join(repository, '.tools', 'stack');

/** The built programs, kept between runs. */
export const binDir = path.join(toolsDir, 'bin');

/** Keys, logs and storage of the running stack; wiped when it stops. */
export const runDir = path.join(toolsDir, 'run');

/** The programs of the stack that are our own few lines around Go libraries. */
export const servicesDir = path.join(import.meta.dirname, 'services');

/** The recorded organization. */
export const worldDir = path.join(repository, 'packages', 'demo-world');
