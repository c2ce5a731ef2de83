import { TrustDocument } from '@cloudythings/backstage-plugin-sigstore-common';
import { fillTemplate } from '../patterns';
import { PolicyDocument } from '../policyDocuments';
import { Path, fieldOf } from '../policyIssues';
import { Language, Languages, parseExpression } from './language';
import { PolicyWarningCode } from './warningCodes';

/**
 * Something in a policy that can be used, and is probably not what was meant.
 *
 * @public
 */
export type PolicyWarning = {
  /** File and line. */
  place: string;
  /** Name of the document. */
  policy: string;
  field: string;
  code: PolicyWarningCode;
  /** What it is, and what to do. */
  message: string;
};

/** A document and where it was read. */
export type ReadDocument<T extends TrustDocument = TrustDocument> = {
  document: T;
  source: PolicyDocument;
};

/** Stands for whatever repository an entity has. */
export const SOME_REPOSITORY = 'owner/name';

/** What the rules of lint share: the warnings so far, and languages. */
export class Linter {
  readonly languages = new Languages();
  readonly warnings: PolicyWarning[] = [];
  /** Set where something was too much to look at. */
  skipped = false;
  readonly #parsed = new Map<string, Language | undefined>();

  /** Counts a comparison; always true. */
  counts(): boolean {
    this.languages.take(1);
    return true;
  }

  warn(
    { document, source }: ReadDocument,
    path: Path,
    code: PolicyWarningCode,
    message: string,
  ) {
    this.warnings.push({
      place: source.place(path),
      policy: document.metadata.name,
      field: fieldOf(path),
      code,
      message,
    });
  }

  /** Texts that an exact value or a pattern allows; undefined where not known. */
  allowedBy(
    exact: string | undefined,
    expression: string | undefined,
  ): Language | undefined {
    const values = { repository: SOME_REPOSITORY };
    if (exact !== undefined) {
      const text = fillTemplate(exact, values, false) ?? exact;
      return this.#remembered(`=${text}`, () => this.languages.text(text));
    }
    const filled = fillTemplate(expression ?? '', values, true);
    return filled === undefined ? undefined : this.expression(filled);
  }

  /** Texts that an expression matches; undefined where not known. */
  expression(written: string): Language | undefined {
    return this.#remembered(`~${written}`, () =>
      parseExpression(this.languages, written),
    );
  }

  #remembered(
    name: string,
    make: () => Language | undefined,
  ): Language | undefined {
    if (!this.#parsed.has(name)) this.#parsed.set(name, make());
    return this.#parsed.get(name);
  }
}
