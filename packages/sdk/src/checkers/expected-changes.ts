import { posix } from 'node:path';
import type { SystemFile } from '../contracts/snapshot.ts';

/**
 * What appears on a system when any package comes or goes, and belongs to none: it is made by the package manager's
 * triggers, or is the register of a tool that serves all packages. Pattern, and whose it is.
 */
const EXPECTED: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^\/etc\/ld\.so\.cache$|^\/var\/cache\/ldconfig(\/|$)/, 'ldconfig(8): cache of all libraries'],
  [
    /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-?$|^\/etc\/\.pwd\.lock$/,
    'passwd(5): accounts are judged one by one',
  ],
  [
    /^\/run\/(adduser|lock)$|^\/run\/(mount|utmp|systemd|dpkg|user)(\/|$)/,
    'adduser(8), systemd(1): locks and state of this boot',
  ],
  [/^\/etc\/alternatives(\/|$)/, 'update-alternatives(1): alternatives are judged one by one'],
  [/^\/var\/lib\/(ucf|pam|insserv|update-rc\.d)(\/|$)/, 'ucf(1), pam-auth-update(8), insserv(8): registers'],
  [/^\/var\/lib\/systemd(\/|$)/, 'deb-systemd-helper(1p), systemd(1): registers of units, seeds, stamps'],
  [
    /^\/etc\/systemd\/(system|user)(\/[^/]+\.(wants|requires|upholds))?$/,
    'systemctl(1): directories for links of all units',
  ],
  [
    /^\/etc\/(machine-id|\.updated|mtab|resolv\.conf|hostname|hosts|adjtime|locale\.conf)$|^\/var\/\.updated$/,
    'systemd(1), dbus-uuidgen(1): identity of the machine',
  ],
  [/^\/var\/lib\/dbus(\/|$)/, 'dbus-uuidgen(1): identity of the machine'],
  [/^\/etc\/shells(\.state)?$|^\/var\/lib\/shells\.state$/, 'update-shells(8): login shells of all packages'],
  [
    /^\/var\/cache\/(man|fontconfig|dictionaries-common|debconf)(\/|$)|^\/usr\/lib\/fontconfig\/cache(\/|$)/,
    'triggers: caches of all pages, fonts, words',
  ],
  [
    /^\/usr\/share\/(mime|icons\/[^/]+\/icon-theme\.cache$|applications\/(mimeinfo|bamf.*)\.(cache|index)$|info\/dir(\.old)?$|glib-2\.0\/schemas\/gschemas\.compiled$)/,
    'triggers: indexes of all types, icons, programs, pages, settings',
  ],
  [
    /\/(loaders|immodules|giomodule|gconv-modules)\.cache$|\/fonts\.(dir|scale)$|^\/etc\/dconf\/db\/[^/]+$/,
    'triggers: indexes of all plug-ins, character sets, fonts, settings',
  ],
  [/^\/etc\/(mailcap|aliases\.db)$/, 'update-mime(8), newaliases(1): made anew from the entries of all packages'],
  [
    /^\/etc\/(ssl\/certs|pki\/ca-trust\/extracted)\/|^\/etc\/ca-certificates\.conf$/,
    'update-ca-certificates(8): links by hash for all certificates',
  ],
  [
    /^\/(etc\/sgml|etc\/xml|var\/lib\/(sgml-base|xml-core))(\/|$)/,
    'update-catalog(8), update-xmlcatalog(8): catalogs of all packages',
  ],
  [
    /^\/boot\/(initrd\.img|initramfs)-|^\/var\/lib\/initramfs-tools(\/|$)|^\/boot\/grub2?(\/|$)/,
    'update-initramfs(8), grub-mkconfig(8): made anew for each kernel',
  ],
  [
    /^\/usr\/lib\/modules\/[^/]+\/modules\.|^\/usr\/lib\/udev\/hwdb\.bin$|^\/etc\/udev\/hwdb\.bin$/,
    'depmod(8), systemd-hwdb(8): indexes of all modules and devices',
  ],
  [/^\/usr\/lib\/locale\/locale-archive$/, 'localedef(1): all locales'],
  [/^\/root\/(\.gnupg|\.rpmdb|\.bash_history)(\/|$)/, 'gpg(1) and the package managers, run as root'],
  [/\.rpm(save|new|orig)$/, 'rpm(8): a configuration file that was changed, kept for the administrator'],
];

/** Not the package's, whoever it was that made it. */
export function isExpected(path: string, files: ReadonlyMap<string, SystemFile>): boolean {
  return EXPECTED.some(([pattern]) => pattern.test(path)) || isByteCode(path, files);
}

/** Of a Python module that is still there: any program that imports it may write it, PEP 3147. */
function isByteCode(path: string, files: ReadonlyMap<string, SystemFile>): boolean {
  const directory = posix.dirname(path);
  if (posix.basename(path) === '__pycache__') return files.has(directory);
  const [, module] = /\/__pycache__\/([^/]+?)\.[a-z]+-\d+(?:\.opt-\d)?\.pyc$/.exec(path) ?? [];
  return module !== undefined && files.has(`${posix.dirname(directory)}/${module}.py`);
}
