import {
  Document,
  LineCounter,
  Node,
  YAMLError,
  isAlias,
  isCollection,
  isMap,
  parseAllDocuments,
} from 'yaml';
import { PolicyMistake } from './TrustPolicyError';
import { Path, fieldOf } from './policyIssues';

/**
 * A policy file as it was read.
 *
 * @public
 */
export type PolicyFile = { path: string; text: string };

/** Characters of a file, and how far its values may be nested or repeated. */
const MOST_CHARACTERS = 1_048_576;
const MOST_ALIASES = 100;
const MOST_LEVELS = 30;
const MOST_VALUES = 100_000;

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;

/** One YAML document, which can tell where each of its fields is. */
export class PolicyDocument {
  readonly content: unknown;
  readonly #path: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  /** @throws when its aliases expand to too much */
  constructor(path: string, document: Document, lines: LineCounter) {
    this.#path = path;
    this.#document = document;
    this.#lines = lines;
    this.content = document.toJS({ maxAliasCount: MOST_ALIASES });
  }

  /** File and line of a field, or of the nearest part around it that is there. */
  place(field: Path): string {
    let node: unknown = this.#document.contents;
    let offset = startOf(node);
    for (const key of field) {
      if (isAlias(node)) node = node.resolve(this.#document);
      if (!isCollection(node)) break;
      const pair = isMap(node)
        ? node.items.find(item => String(item.key) === String(key))
        : undefined;
      const value = isMap(node) ? pair?.value : node.get(key, true);
      const start = startOf(pair?.key) ?? startOf(value);
      if (start === undefined) break;
      offset = start;
      node = value;
    }
    return `${this.#path}:${this.#lines.linePos(offset ?? 0).line}`;
  }

  mistake(field: Path, problem: string): PolicyMistake {
    return { place: this.place(field), field: fieldOf(field), problem };
  }
}

/** Documents of a file, and what keeps others from being read. */
export function readDocuments({ path, text }: PolicyFile): {
  documents: PolicyDocument[];
  mistakes: PolicyMistake[];
} {
  const refused = (line: number, problem: string) => ({
    documents: [],
    mistakes: [{ place: `${path}:${line}`, field: '', problem }],
  });
  if (text.length > MOST_CHARACTERS) {
    return refused(
      1,
      `the file is longer than ${MOST_CHARACTERS} characters. Split it.`,
    );
  }
  const secret = PRIVATE_KEY.exec(text);
  if (secret) {
    return refused(
      text.slice(0, secret.index).split('\n').length,
      'this is a private key. Policies hold public keys only: remove it, write the public one (cosign public-key --key …), and replace the private key, because whoever reads this file could sign with it.',
    );
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
  });
  const documents: PolicyDocument[] = [];
  const mistakes: PolicyMistake[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const errors = syntaxErrors(document);
    for (const error of errors) {
      const place = `${path}:${lines.linePos(error.pos[0]).line}`;
      mistakes.push({ place, field: '', problem: problemOf(error) });
    }
    if (errors.length > 0 || document.contents === null) continue;
    try {
      const read = new PolicyDocument(path, document, lines);
      assertBounded(read.content);
      documents.push(read);
    } catch (error) {
      const { line } = lines.linePos(startOf(document.contents) ?? 0);
      mistakes.push({
        place: `${path}:${line}`,
        field: '',
        problem: `this document cannot be expanded: ${
          error instanceof Error ? error.message : String(error)
        }. Write it out with fewer aliases and levels.`,
      });
    }
  }
  return { documents, mistakes };
}

/** The first one, because others follow from it; but each key that is twice. */
function syntaxErrors({ errors, warnings }: Document): YAMLError[] {
  const twice = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const other = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  // What the reader only warns of would be read as something else than it says.
  return other ? [other] : [...twice, ...warnings];
}

function problemOf({ code, message }: YAMLError): string {
  if (code === 'DUPLICATE_KEY') {
    return 'this field is written twice. Keep one of them: which one counts would depend on who reads it.';
  }
  return `this is not YAML that policies are written in (${message}). Check the indentation and the quotes.`;
}

/** @throws when a value refers to itself, is nested too deeply or too large */
function assertBounded(content: unknown) {
  let values = 0;
  const visit = (value: unknown, level: number) => {
    values += 1;
    if (values > MOST_VALUES) throw new Error('it has too many values');
    if (level > MOST_LEVELS) {
      throw new Error(
        `it is nested deeper than ${MOST_LEVELS} levels, or refers to itself`,
      );
    }
    if (typeof value !== 'object' || value === null) return;
    if (Object.hasOwn(value, '__proto__')) {
      throw new Error('it has a field __proto__, which is not read');
    }
    Object.values(value).forEach(inner => visit(inner, level + 1));
  };
  visit(content, 0);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
