/**
 * Runs inside, by any POSIX sh. Positional: mark, directory, user, variables as NAME=VALUE, `--`, program, arguments.
 *
 * A shell says on its own stderr when a signal ended its child, and nothing when the child exited: the only way in
 * which sh tells exit 137 from SIGKILL. So a second shell waits for the command, with its stderr caught apart from
 * that of the command; it reads its script from a file descriptor because bash says nothing for `-c`. (Of SIGINT and
 * SIGPIPE no shell says anything: they show as exit 130 and 141.)
 *
 * A line with the mark on stderr says that from now on a kill will find it; one on each stream ends it: what comes
 * after it is from processes that were left behind.
 */
export const EXEC_SCRIPT = `
mark=$1 cwd=$2 user=$3; shift 3
printf '%s:start:0\\n' "$mark" >&2
if [ -n "$user" ]; then
  uid=$(id -u -- "$user" 2>/dev/null) || uid=$user
  home=$(getent passwd "$uid" | cut -d: -f6); export HOME="\${home:-/}"
fi
while [ "$1" != -- ]; do export "$1"; shift; done; shift
if [ -n "$user" ]; then
  if gid=$(id -g -- "$user" 2>/dev/null); then set -- setpriv --reuid "$uid" --regid "$gid" --init-groups -- "$@"
  else set -- setpriv --reuid "$uid" --regid "$uid" --clear-groups -- "$@"; fi
fi
exec 3>&1 4>&2
if cd -- "$cwd"; then end=$(sh /dev/fd/5 "$@" 2>&1 5<<'END'
(exec >&3 2>&4 3>&- 4>&- 5<&-; exec "$@"); echo ":$?:"
END
); else end=:126:; fi
code=\${end%:} how=exit; code=\${code##*:}
[ "$end" = ":$code:" ] || how=signal
printf '%s:%s:%s\\n' "$mark" "$how" "$code" >&3 2>/dev/null
printf '%s:%s:%s\\n' "$mark" "$how" "$code" >&4 2>/dev/null
exit "$code"
`;

/**
 * Kills whatever carries the mark in its environment, and what that starts meanwhile; children inherit it, also
 * through setsid(1) and nohup(1). Ends when none is left: a zombie has no environment.
 */
export const KILL_SCRIPT = `
while true; do
  found=
  for file in $(grep -lasF -e "$1" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}; kill -KILL "\${pid%/environ}" 2>/dev/null && found=yes
  done
  [ -n "$found" ] || exit 0
done
`;
