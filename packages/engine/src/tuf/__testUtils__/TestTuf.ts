import {
  KeyObject,
  createHash,
  generateKeyPairSync,
  sign as signBytes,
} from 'node:crypto';
import {
  Key,
  MetaFile,
  Metadata,
  Root,
  Signature,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from '@tufjs/models';
import { TestServer } from '../../__testUtils__/TestServer';

type Role = 'root' | 'timestamp' | 'snapshot' | 'targets';
const ROLES: Role[] = ['root', 'timestamp', 'snapshot', 'targets'];

/** Far enough away for every clock this will ever run under. */
const NEVER = '2126-01-01T00:00:00Z';

/** A key that signs TUF metadata. */
export class TufKey {
  readonly #privateKey: KeyObject;
  readonly key: Key;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
    });
    const text = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    this.#privateKey = privateKey;
    this.key = new Key({
      keyID: sha256(text),
      keyType: 'ecdsa',
      scheme: 'ecdsa-sha2-nistp256',
      keyVal: { public: text },
    });
  }

  readonly sign = (data: Buffer): Signature => {
    const sig = signBytes('sha256', data, this.#privateKey).toString('hex');
    return new Signature({ keyID: this.key.keyID, sig });
  };
}

/** A real TUF repository with one target, published on a server of loopback. */
export class TestTuf {
  readonly server: TestServer;
  readonly #files = new Map<string, string>();
  #rootKey = new TufKey();
  #onlineKey = new TufKey();
  #rootVersion = 0;
  #version = 0;

  static async start(): Promise<TestTuf> {
    return new TestTuf(await TestServer.start());
  }

  private constructor(server: TestServer) {
    this.server = server;
    this.publishRoot();
  }

  /** The newest root metadata. */
  get root(): string {
    return this.#files.get(`/${this.#rootVersion}.root.json`)!;
  }

  /** Everything that is served, to go back to. */
  snapshot(): Map<string, string> {
    return new Map(this.#files);
  }

  /** Serves exactly these files. */
  serve(files: Map<string, string>): void {
    for (const path of this.#files.keys())
      this.server.on(path, { status: 404 });
    for (const [path, body] of files) this.server.on(path, { body });
  }

  /** Publishes the next version of the root, with the keys as they are. */
  publishRoot(options: { signedBy?: TufKey[]; expires?: string } = {}): void {
    this.#rootVersion += 1;
    const root = new Metadata(
      new Root({
        version: this.#rootVersion,
        specVersion: '1.0.0',
        expires: options.expires ?? NEVER,
        consistentSnapshot: true,
      }),
    );
    for (const role of ROLES) {
      const key = role === 'root' ? this.#rootKey : this.#onlineKey;
      root.signed.addKey(key.key, role);
    }
    for (const key of options.signedBy ?? [this.#rootKey]) root.sign(key.sign);
    this.#put(`/${this.#rootVersion}.root.json`, root);
  }

  /** Gives all roles new keys, as an instance does after losing one. */
  rotateKeys(): void {
    const former = this.#rootKey;
    this.#rootKey = new TufKey();
    this.#onlineKey = new TufKey();
    this.publishRoot({ signedBy: [former, this.#rootKey] });
  }

  /** Publishes the next version of the target and of all that leads to it. */
  publish(
    content: string,
    options: { name?: string; expires?: string; served?: string } = {},
  ): void {
    const { name = 'trusted_root.json', expires = NEVER } = options;
    this.#version += 1;
    const version = this.#version;
    const common = { version, specVersion: '1.0.0', expires };
    const targets = new Metadata(new Targets(common));
    const hash = sha256(content);
    targets.signed.addTarget(
      new TargetFile({
        path: name,
        length: Buffer.byteLength(content),
        hashes: { sha256: hash },
      }),
    );
    const meta = { 'targets.json': new MetaFile({ version }) };
    const snapshot = new Metadata(new Snapshot({ ...common, meta }));
    const snapshotMeta = new MetaFile({ version });
    const timestamp = new Metadata(new Timestamp({ ...common, snapshotMeta }));
    for (const metadata of [targets, snapshot, timestamp]) {
      (metadata as Metadata<Targets>).sign(this.#onlineKey.sign);
    }
    this.#put(`/${version}.targets.json`, targets);
    this.#put(`/${version}.snapshot.json`, snapshot);
    this.#put('/timestamp.json', timestamp);
    this.#put(`/targets/${hash}.${name}`, options.served ?? content);
  }

  #put(path: string, content: string | { toJSON(): unknown }): void {
    const body =
      typeof content === 'string' ? content : JSON.stringify(content.toJSON());
    this.#files.set(path, body);
    this.server.on(path, { body });
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
