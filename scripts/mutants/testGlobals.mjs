import { expect } from 'expect';
import { bind } from 'jest-each';

/**
 * The part of Jest's globals that the engine's tests use, running in this very
 * process: a mutant is switched on between two runs, and nothing is loaded
 * again. Snapshots, module mocks and timers are not here; a test that wants
 * them fails as soon as it is loaded.
 */
export class TestGlobals {
  #group = group('');

  /** Everything that test files may use without importing it. */
  get names() {
    const describe = this.#describe(false);
    const test = this.#test(false);
    return {
      ...{ describe, it: test, test, expect },
      ...Object.fromEntries(
        ['beforeAll', 'beforeEach', 'afterEach', 'afterAll'].map(hook => [
          hook,
          run => this.#group[hook].push(run),
        ]),
      ),
      jest: { setTimeout() {} },
    };
  }

  /** Registers what `load` declares as the tests of a file. */
  file(name, load) {
    this.#within(group(name), load);
  }

  /**
   * Tests in the order of declaration, each with the groups around it.
   *
   * @returns {{ id: string, groups: object[], run: () => unknown }[]}
   */
  tests() {
    const all = [];
    const visit = (at, groups) => {
      const around = [...groups, at];
      for (const one of at.children) {
        if (one.run) all.push({ ...one, groups: around });
        else if (!one.skipped) visit(one, around);
      }
    };
    visit(this.#group, []);
    return all;
  }

  #within(child, declare) {
    const parent = this.#group;
    parent.children.push(child);
    this.#group = child;
    try {
      declare();
    } finally {
      this.#group = parent;
    }
  }

  #describe(skipped) {
    const describe = (name, declare) =>
      this.#within(
        { ...group(`${this.#group.name} ${name}`), skipped },
        declare,
      );
    describe.each = bind(describe, false);
    if (!skipped) describe.skip = this.#describe(true);
    return describe;
  }

  #test(skipped) {
    const test = (name, run) => {
      if (skipped) return;
      const id = `${this.#group.name} ${name}`.trim();
      this.#group.children.push({ id, run });
    };
    test.each = bind(test, false);
    if (!skipped) test.skip = this.#test(true);
    return test;
  }
}

function group(name) {
  return {
    ...{ name, children: [], skipped: false },
    ...{ beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] },
  };
}
