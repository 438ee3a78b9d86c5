import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Abortable } from '../contracts/environment.ts';
import type { PackageFile } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { openDownload } from '../download/open-download.ts';

/** A package file on this machine. */
export function openFile(path: string): PackageFile {
  return { fileName: basename(path), origin: path, content: createReadStream(path) };
}

/**
 * Starts a download.
 * @returns the file, or the package's failure when the server says that there is none
 * @throws {AltsError} `repository_unavailable` when the server cannot be reached or answers with an error of its own
 */
export async function openUrl(url: string, options: Abortable = {}): Promise<PackageFile | Failure> {
  const found = await openDownload(url, options);
  if ('missing' in found) return { reason: 'package_not_found', message: found.missing };
  return { fileName: found.fileName, origin: found.shown, content: found.content };
}
