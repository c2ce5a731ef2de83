import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Tool, toolPath } from './tools.ts';

/** A process of the stack. */
export interface Service {
  name: Tool;
  pid: number;
  stop(): Promise<void>;
}

/** Ports of this machine that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map(
    server => (server.address() as net.AddressInfo).port,
  );
  await Promise.all(servers.map(server => once(server.close(), 'close')));
  return ports;
}

/**
 * Starts a program and waits until the address answers without a server error.
 *
 * @param options.ready - address whose answer shows that it is ready
 * @param options.logs - folder for its output, in a file of its name
 * @throws when it ends or stays silent for half a minute, with its output
 */
export async function startService(
  name: Tool,
  args: string[],
  options: { ready: string; logs: string; env?: Record<string, string> },
): Promise<Service> {
  const logFile = path.join(options.logs, `${name}.log`);
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(toolPath(name), args, {
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, HOME: options.logs, ...options.env },
  });
  closeSync(log);
  const ended = new Promise<'ended'>(resolve => {
    child.once('error', () => resolve('ended'));
    child.once('exit', () => resolve('ended'));
  });
  const outcome = await Promise.race([ended, answering(options.ready)]);
  if (outcome !== 'answering') {
    await stopProcess(child);
    const output = await readFile(logFile, 'utf8');
    throw new Error(
      `${name} ${outcome === 'ended' ? 'ended' : 'did not answer'}:\n${output}`,
    );
  }
  return { name, pid: child.pid!, stop: () => stopProcess(child) };
}

async function answering(address: string): Promise<'answering' | 'silent'> {
  const deadline = AbortSignal.timeout(30_000);
  while (!deadline.aborted) {
    const status = await fetch(address, { signal: deadline }).then(
      response => response.status,
      () => undefined,
    );
    if (status !== undefined && status < 500) return 'answering';
    await delay(50);
  }
  return 'silent';
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (
    child.exitCode !== null ||
    child.signalCode !== null ||
    child.pid === undefined
  )
    return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exit;
  clearTimeout(impatience);
}
