// Loaded before the backend to see what it makes of signatures in some years:
// moves the clock of JavaScript and that of SQLite.
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './paths.mjs';

const ahead = Number(process.env.DEMO_CLOCK_AHEAD_MS);
const RealDate = Date;

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + ahead);
    else super(...args);
  }

  static now() {
    return RealDate.now() + ahead;
  }
};

const require = createRequire(path.join(root, 'packages/backend/package.json'));
const file = require.resolve('better-sqlite3');
const Database = require(file);
const untouched = new Database(':memory:');
const timeFunctions = ['datetime', 'strftime', 'julianday', 'unixepoch'];

require.cache[file].exports = class extends Database {
  constructor(...args) {
    super(...args);
    // Column defaults call these functions too.
    this.pragma('trusted_schema = 1');
    const shifted = (name, ...values) => {
      const holes = values.map(() => '?').join(', ');
      const dates = values.map(v =>
        v === 'now' ? new Date().toISOString() : v,
      );
      const sql = `select ${name}(${holes})`;
      return untouched
        .prepare(sql)
        .pluck()
        .get(...dates);
    };
    for (const name of timeFunctions)
      this.function(name, { varargs: true }, (...values) =>
        shifted(name, ...values),
      );
    this.function('current_timestamp', () => shifted('datetime', 'now'));
  }
};
