import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../runner/problem.mjs';

/**
 * @typedef {object} SignedCase
 * @property {string} id
 * @property {string} bundle absolute path, as the next two
 * @property {string} artifact
 * @property {string} trustedRoot
 * @property {string} [identity] what the signer must be, exactly
 * @property {string} [issuer]
 * @property {string} [key] absolute path of a public key, instead of the two
 * @property {string} [predicateType]
 * @property {'verify' | 'reject'} expect
 */

const paths = ['bundle', 'artifact', 'trustedRoot', 'key'];
const texts = ['identity', 'issuer', 'predicateType'];

/**
 * Reads a folder of signed cases: `cases.json` and the files it names. Whether
 * those are there is for the case to show.
 *
 * @param {string} dir
 * @returns {SignedCase[]}
 */
export function readCases(dir) {
  const file = path.join(dir, 'cases.json');
  let list;
  try {
    list = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Problem(
      `${file} cannot be read (${error.message}). Name a folder with a cases.json: a list of { id, bundle, artifact, trustedRoot, identity and issuer or key, predicateType?, expect }.`,
    );
  }
  if (!Array.isArray(list) || list.length === 0)
    throw new Problem(`${file} is not a list of cases.`);
  return list.map((item, index) => readCase(item, index, dir, file));
}

function readCase(item, index, dir, file) {
  const id = String(item?.id ?? `case ${index + 1}`);
  if (item?.expect !== 'verify' && item?.expect !== 'reject')
    throw new Problem(
      `${file}: ${id}: expect must be "verify" or "reject", not ${JSON.stringify(
        item?.expect,
      )}.`,
    );
  const given = names => names.filter(name => item[name] !== undefined);
  return {
    id,
    ...Object.fromEntries(
      given(paths).map(name => [name, path.resolve(dir, String(item[name]))]),
    ),
    ...Object.fromEntries(given(texts).map(name => [name, String(item[name])])),
    expect: item.expect,
  };
}
