import { AltsError } from '../contracts/errors.ts';
import type { Collector } from '../contracts/facts.ts';
import { FIND_FORMAT, parseFiles } from './deb-files-output.ts';

/** Far above what any package needs: 100,000 files are 15 MiB. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * What dpkg has on record, then what is there, in the parts that `parseFiles` reads. Paths come from dpkg and never are
 * part of the script. md5sum takes those of all regular files, so that it has to be started only a few times; getcap
 * is there where a script of the package could have set capabilities, for it comes with setcap.
 */
const SCRIPT = `package=$1
list=$(dpkg-query --listfiles "$package" 2>/dev/null) || {
  package=$1:\${2:-$(dpkg --print-architecture)}
  list=$(dpkg-query --listfiles "$package" 2>/dev/null) || exit 0
}
part() { tr -d '\\000'; printf '\\0'; }
places() { printf '%s\\n' "$list" | sed -n -E 's/^(diverted by [^ ]+ to|locally diverted to): //; /^\\//p' | tr '\\n' '\\0'; }
regular() { places | xargs -0 -r sh -c 'find "$@" -maxdepth 0 -type f -print0 2>/dev/null; :' sh; }
printf '%s\\n' "$list" | part
dpkg-query --control-show "$package" md5sums 2>/dev/null | part
dpkg-query -W -f '\${Conffiles}\\n' "$package" 2>/dev/null | part
dpkg-statoverride --list 2>/dev/null | part
if command -v getcap >/dev/null; then regular | xargs -0 -r getcap 2>/dev/null; fi | part
places | xargs -0 -r sh -c 'find "$@" -maxdepth 0 -printf "${FIND_FORMAT}" 2>/dev/null; :' sh
printf '\\0'
regular | xargs -0 -r sh -c 'md5sum -z -- "$@" 2>/dev/null; :' sh`;

/** Asks dpkg for the package's files and what it knows of them, and the file system for each of them, in one go. */
export const debFiles: Collector<'package.files'> = {
  fact: 'package.files',
  needs: [],
  async collect(environment, _facts, { package: { name, expectedArchitecture } }, { signal }) {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const { end, stderr } = await environment.exec(
      ['sh', '-c', SCRIPT, 'sh', name, expectedArchitecture === 'all' ? '' : (expectedArchitecture ?? '')],
      {
        signal,
        env: { LC_ALL: 'C.UTF-8' },
        keepBytes: 4096,
        onOutput: ({ stream, bytes: chunk }) => {
          if (stream === 'stderr') return;
          bytes += chunk.length;
          if (bytes > MAX_BYTES)
            throw new AltsError('limit_exceeded', `the files of ${name} do not fit into ${MAX_BYTES} bytes`);
          chunks.push(chunk);
        },
      },
    );
    if (end.type !== 'exit' || end.code !== 0) {
      throw new AltsError(
        'environment_lost',
        `the files of ${name} cannot be listed: ${Buffer.from(stderr).toString().trim()}`,
      );
    }
    return parseFiles(Buffer.concat(chunks).toString());
  },
};
