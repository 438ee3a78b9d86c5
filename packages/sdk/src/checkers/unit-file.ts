/** One assignment of a unit file. */
export interface Setting {
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

/**
 * Reads a unit file, systemd.syntax(7): sections, assignments, comments, lines that go on after a backslash. What is no
 * assignment is left out, as systemd ignores it.
 */
export function parseUnit(text: string): Setting[] {
  const settings: Setting[] = [];
  let section = '';
  let held = '';
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    // A comment between lines that belong together does not end them.
    if (/^[#;]/.test(line)) continue;
    if (line.endsWith('\\')) {
      held += `${line.slice(0, -1)} `;
      continue;
    }
    const whole = (held + line).trim();
    held = '';
    const [, title] = /^\[(.+)\]$/.exec(whole) ?? [];
    if (title !== undefined) section = title;
    else {
      const [, name, value = ''] = /^([A-Za-z0-9-]+)\s*=\s*(.*)$/.exec(whole) ?? [];
      if (name !== undefined) settings.push({ section, name, value });
    }
  }
  return settings;
}

/** Values of a setting that may be given several times; an empty one takes back those before it. */
export function valuesOf(settings: readonly Setting[], ...names: readonly string[]): string[] {
  const values = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const { name, value } of settings) {
    if (value === '') values.set(name, []);
    else values.get(name)?.push(value);
  }
  return [...values].filter(([name]) => names.includes(name)).flatMap(([, list]) => list);
}

/** True, yes, on or 1, systemd.syntax(7). */
export function isOn(settings: readonly Setting[], name: string): boolean {
  return /^(1|yes|y|true|t|on)$/i.test(valuesOf(settings, name).at(-1) ?? '');
}

/** The program of a command line, systemd.service(5). */
export interface UnitProgram {
  readonly path: string;
  /** After `-`: a failure counts as success. */
  readonly mayFail: boolean;
}

/** @returns undefined when it is only known when the unit starts: it has a specifier or variable in it */
export function programOf(commandLine: string): UnitProgram | undefined {
  const [, prefix = '', rest = ''] = /^([-@:+!|]*)(.*)$/s.exec(commandLine.trim()) ?? [];
  const [, quoted, single, plain] = /^(?:"([^"]*)"|'([^']*)'|(\S+))/.exec(rest) ?? [];
  const path = quoted ?? single ?? plain ?? '';
  if (path === '' || /[%$\\]/.test(path)) return undefined;
  return { path, mayFail: prefix.includes('-') };
}
