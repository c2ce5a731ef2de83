/** What every source of a module has. */
type Named = { readonly id: string; readonly title: string };

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MAX_TITLE = 255;

/** The sources that modules add while they start. */
export class AddedSources<T extends Named> {
  readonly #sources: T[] = [];

  /** @throws Error when the ID or the title is taken or cannot be used */
  add(source: T): void {
    assertDistinct([...this.#sources, source]);
    this.#sources.push(source);
  }

  /** Those that were added, in their order. */
  all(): T[] {
    return [...this.#sources];
  }
}

/**
 * Makes sure that sources can be told apart, by code and by people.
 *
 * @throws Error that names the source and the remedy
 */
export function assertDistinct(sources: readonly Named[]): void {
  const ids = new Set<string>();
  const titles = new Set<string>();
  for (const { id, title } of sources) {
    if (!ID.test(id)) {
      throw new Error(
        `The source "${id}" has an ID that cannot be used; write lower-case words joined by -`,
      );
    }
    if (title.trim() === '' || title.length > MAX_TITLE) {
      throw new Error(
        `The title of the source "${id}" is empty or longer than ${MAX_TITLE} characters`,
      );
    }
    if (ids.has(id) || titles.has(title)) {
      throw new Error(
        `The source "${id}" (${title}) is there already; give each source an ID and a title of its own`,
      );
    }
    ids.add(id);
    titles.add(title);
  }
}
