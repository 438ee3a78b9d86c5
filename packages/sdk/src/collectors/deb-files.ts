import type { Collector } from '../contracts/facts.ts';
import { FIND_FORMAT, parseFiles } from './deb-files-output.ts';
import { LIST_FILES, listingArguments } from './dpkg-listing.ts';
import { DIGEST_SECONDS, readOutput } from './read-output.ts';

/**
 * What dpkg has on record, then what is there, in the parts that `parseFiles` reads. Paths come from dpkg and never are
 * part of the script. md5sum takes those of all regular files, so that it has to be started only a few times; getcap
 * is there where a script of the package could have set capabilities, for it comes with setcap.
 */
const SCRIPT = `${LIST_FILES}
places() { printf '%s\\n' "$list" | sed -n -E 's/^(diverted by [^ ]+ to|locally diverted to): //; /^\\//p' | tr '\\n' '\\0'; }
regular() { places | xargs -0 -r sh -c 'find "$@" -maxdepth 0 -type f -print0 2>/dev/null; :' sh; }
printf '%s\\n' "$list" | part
dpkg-query --control-show "$package" md5sums 2>/dev/null | part
dpkg-query -W -f '\${Conffiles}\\n' "$package" 2>/dev/null | part
dpkg-statoverride --list 2>/dev/null | part
if command -v getcap >/dev/null; then regular | xargs -0 -r getcap 2>/dev/null; fi | part
places | xargs -0 -r sh -c 'find "$@" -maxdepth 0 -printf "${FIND_FORMAT}" 2>/dev/null; :' sh
printf '\\0'
regular | timeout ${DIGEST_SECONDS} xargs -0 -r md5sum -z -- 2>/dev/null; :`;

/** Asks dpkg for the package's files and what it knows of them, and the file system for each of them, in one go. */
export const debFiles: Collector<'package.files'> = {
  fact: 'package.files',
  needs: [],
  async collect(environment, _facts, { package: { name, expectedArchitecture } }, { signal }) {
    const argv = listingArguments(name, expectedArchitecture);
    return parseFiles(await readOutput(environment, SCRIPT, argv, { what: `the files of ${name}`, signal }));
  },
};
