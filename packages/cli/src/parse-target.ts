import { statSync } from 'node:fs';
import { AltsError, type PackageSpec } from '@alts/sdk/plugin';

/**
 * What is to be tested, as it stands on the command line: a URL, a file that is there, or `<name>[=<version>]`.
 * Names and versions are left to the schema of the request.
 * @throws {AltsError} `invalid_request`
 */
export function parseTarget(text: string): PackageSpec {
  if (/^https?:\/\//i.test(text)) return { url: text };
  if (text.includes('/') || /\.(deb|rpm)$/.test(text)) return existingFile(text);
  const separator = text.indexOf('=');
  if (separator < 0) return { name: text };
  return { name: text.slice(0, separator), version: text.slice(separator + 1) };
}

function existingFile(path: string): PackageSpec {
  const quoted = JSON.stringify(path);
  const refuse = (why: string) => new AltsError('invalid_request', `package: ${why}`);
  let isFile: boolean;
  try {
    isFile = statSync(path).isFile();
  } catch {
    throw refuse(`there is no file ${quoted}; name a package, a .deb or .rpm file, or an http(s) URL`);
  }
  if (!isFile) throw refuse(`${quoted} is not a file`);
  return { file: path };
}
