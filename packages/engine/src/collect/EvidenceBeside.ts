import { StoredObject } from '@cloudythings/backstage-plugin-sigstore-common';
import { OutboundError } from '../outbound';
import { SourcePorts } from '../resolve';
import {
  Assembled,
  assembleCosignBundle,
  assembleSignatureFile,
  signatureIn,
} from './blobSignature';
import { addBundleLines } from './bundleLines';
import { BUNDLE_PREFIX, recognizeBundle } from './bundleMediaTypes';
import { CAPS } from './caps';
import { CollectTarget } from './evidence';
import { Gathering } from './Gathering';
import { jsonObject } from './jsonObject';
import {
  BlobReference,
  cutShort,
  isGivenInPart,
  readBeside,
} from './readBeside';

/** What `cosign sign-blob --bundle` is told to write, and its older name. */
const BUNDLES = ['.sigstore.json', '.sigstore'];
/** Attestations: a bundle or a DSSE envelope on each line. */
const LINES = '.intoto.jsonl';
/** What `cosign sign-blob --bundle` of versions 1 and 2 writes. */
const COSIGN_BUNDLE = '.bundle';
/** What `cosign sign-blob --output-signature` writes, and what belongs to it. */
const SIGNATURE = '.sig';
const CERTIFICATES = ['.pem', '.cert', '.crt'];

const SMALL_BYTES = 256 * 1024;
const COSIGN_BUNDLE_BYTES = 4 * 1024 * 1024;

/** Looks at everything that can lie beside one artifact. */
export class EvidenceBeside {
  readonly #storage: StoredObject[] = [];
  readonly #reference: BlobReference;
  readonly #target: CollectTarget;
  readonly #gathering: Gathering;
  readonly #ports: SourcePorts;

  constructor(
    reference: BlobReference,
    target: CollectTarget,
    gathering: Gathering,
    ports: SourcePorts,
  ) {
    this.#reference = reference;
    this.#target = target;
    this.#gathering = gathering;
    this.#ports = ports;
  }

  /**
   * Adds what is there to the gathering; gives how a store keeps what was read.
   */
  async gather(): Promise<StoredObject[]> {
    const [current, older, lines, bundle, signature] = await Promise.all([
      ...BUNDLES.map(suffix => this.#read(suffix, CAPS.documentBytes)),
      this.#read(LINES, CAPS.documentBytes),
      this.#read(COSIGN_BUNDLE, COSIGN_BUNDLE_BYTES),
      this.#read(SIGNATURE, SMALL_BYTES),
    ]);
    for (const bytes of [current, older]) {
      if (bytes && !this.#isCut(bytes)) this.#addBundle(bytes);
    }
    if (lines) addBundleLines(lines, this.#gathering, this.#target);
    if (bundle && !this.#isCut(bundle)) this.#addBundleFile(bundle);
    // The same signature with its log entry says more.
    const known = bundle && signatureIn(bundle);
    if (signature && signature.toString('utf8').trim() !== known) {
      await this.#addSignature(signature);
    }
    return this.#storage;
  }

  /** What is cut is neither there nor broken: it was not given in full. */
  #isCut(bytes: Buffer): boolean {
    const isCut = isGivenInPart(this.#reference, bytes);
    if (isCut) this.#gathering.fail(cutShort(this.#reference));
    return isCut;
  }

  /** Older versions of cosign write a form of their own under any name. */
  #addBundle(bytes: Buffer) {
    if ('base64Signature' in (jsonObject(bytes) ?? {})) {
      const { digest } = this.#target.artifact;
      this.#add(assembleCosignBundle(bytes, digest));
    } else {
      this.#gathering.addBundle(recognizeBundle(bytes), bytes);
    }
  }

  /** Much else is called a bundle, too. */
  #addBundleFile(bytes: Buffer) {
    const json = jsonObject(bytes) ?? {};
    const { mediaType } = json;
    const isBundle =
      typeof mediaType === 'string' && mediaType.startsWith(BUNDLE_PREFIX);
    if (isBundle || 'base64Signature' in json) this.#addBundle(bytes);
    else this.#gathering.unsupported('bundle file that is not of cosign');
  }

  async #addSignature(signature: Buffer) {
    const { digest } = this.#target.artifact;
    for (const suffix of CERTIFICATES) {
      const certificate = await this.#ask(suffix, SMALL_BYTES);
      // Without knowing whether there is a certificate, it would be taken for
      // the signature of a key.
      if (certificate === 'no answer') return;
      if (certificate) {
        this.#add(assembleSignatureFile(signature, certificate, digest));
        return;
      }
    }
    this.#add(assembleSignatureFile(signature, undefined, digest));
  }

  #add(found: Assembled) {
    if ('unsupported' in found) this.#gathering.unsupported(found.unsupported);
    else this.#gathering.add(found.mediaType, found.bytes);
  }

  async #read(suffix: string, maxBytes: number): Promise<Buffer | undefined> {
    const answer = await this.#ask(suffix, maxBytes);
    return answer === 'no answer' ? undefined : answer;
  }

  async #ask(
    suffix: string,
    maxBytes: number,
  ): Promise<Buffer | 'no answer' | undefined> {
    try {
      const { bytes, storage } = await readBeside(
        this.#reference,
        suffix,
        maxBytes,
        this.#ports,
      );
      if (storage) this.#storage.push(storage);
      return bytes;
    } catch (error) {
      this.#gathering.fail(error);
      const isAnswer =
        error instanceof OutboundError && error.failure === 'not-found';
      return isAnswer ? undefined : 'no answer';
    }
  }
}
