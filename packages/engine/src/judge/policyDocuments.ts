import {
  Document,
  Lexer,
  LineCounter,
  Node,
  YAMLError,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  parseAllDocuments,
  visit as visitNodes,
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
const MOST_TOKENS = 200_000;
const MOST_ALIASES = 100;
const MOST_LEVELS = 30;
const MOST_VALUES = 100_000;

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;

const WRITTEN_TWICE =
  'this field is written twice. Keep one of them: which one counts would depend on who reads it.';

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
  if (hasTooManyTokens(text)) {
    return refused(
      1,
      `the file has more than ${MOST_TOKENS} words and signs. Split it.`,
    );
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Its own check compares each key with all before it.
    uniqueKeys: false,
  });
  const documents: PolicyDocument[] = [];
  const mistakes: PolicyMistake[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const refuse = (offset: number, problem: string) =>
      mistakes.push({
        place: `${path}:${lines.linePos(offset).line}`,
        field: '',
        problem,
      });
    const errors = syntaxErrors(document);
    errors.forEach(error => refuse(error.pos[0], problemOf(error)));
    if (errors.length > 0 || document.contents === null) continue;
    try {
      const twice = keysWrittenTwice(document);
      twice.forEach(offset => refuse(offset, WRITTEN_TWICE));
      if (twice.length > 0) continue;
      const read = new PolicyDocument(path, document, lines);
      assertBounded(read.content);
      documents.push(read);
    } catch (error) {
      refuse(
        startOf(document.contents) ?? 0,
        `this document cannot be expanded: ${
          error instanceof Error ? error.message : String(error)
        }. Write it out with fewer aliases and levels.`,
      );
    }
  }
  return { documents, mistakes };
}

function hasTooManyTokens(text: string): boolean {
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += token.length > 0 ? 1 : 0;
    if (tokens > MOST_TOKENS) return true;
  }
  return false;
}

/** The first one, because others follow from it. */
function syntaxErrors({ errors, warnings }: Document): YAMLError[] {
  // What the reader only warns of would be read as something else than it says.
  return errors.length > 0 ? errors.slice(0, 1) : warnings;
}

/** Where each key stands that its mapping had before. */
function keysWrittenTwice(document: Document): number[] {
  const places: number[] = [];
  visitNodes(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) places.push(startOf(key) ?? 0);
        seen.add(name);
      }
    },
  });
  return places;
}

function problemOf({ message }: YAMLError): string {
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
