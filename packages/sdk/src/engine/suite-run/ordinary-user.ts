import { AltsError } from '../../contracts/errors.ts';
import type { Shell } from '../../contracts/package-manager.ts';
import { decodeLines } from './decode-lines.ts';

/** Who runs the tests that are not for the superuser. */
export interface OrdinaryUser {
  readonly name: string;
  readonly home: string;
}

/**
 * The first user of those for people (Debian Policy 9.2.2: 1000 to 59999), else a new one; where none can be made,
 * `nobody`. All of the suite becomes theirs.
 */
const SCRIPT = `
user=$(awk -F: '$3 >= 1000 && $3 <= 59999 { print $1; exit }' /etc/passwd)
if [ -z "$user" ]; then
  user=alts-test
  useradd --create-home --user-group "$user" >&2 || adduser --disabled-password --gecos '' "$user" >&2 || user=nobody
fi
chown -R -- "$user" "$1" && awk -F: -v user="$user" '$1 == user { print $1; print $6 }' /etc/passwd`;

/**
 * Sees to it that there is an ordinary user, to whom the files of the suite belong: as autopkgtest has it.
 * @param root of the suite in the environment
 * @throws {AltsError} `suite_unusable`
 */
export async function ordinaryUser(shell: Shell, root: string): Promise<OrdinaryUser> {
  const { end, stdout } = await shell.run(['sh', '-c', SCRIPT, 'sh', root]);
  const [name, home] = decodeLines(stdout);
  if (end.type === 'exit' && end.code === 0 && name !== undefined && home !== undefined) return { name, home };
  throw new AltsError('suite_unusable', 'no ordinary user can be had to run tests that are not for the superuser');
}

/** What programs look at to know whose they are. */
export function environmentOf({ name, home }: OrdinaryUser): Readonly<Record<string, string>> {
  return { HOME: home, USER: name, LOGNAME: name };
}
