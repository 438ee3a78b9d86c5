import { safeLine } from '@alts/sdk';

const MAX_LINE = 2000;

function line(level: string) {
  return (fields: object, message: string): void => {
    const facts = Object.entries(fields).map(
      ([name, value]) => `${name}=${value instanceof Error ? value.message : value}`,
    );
    process.stderr.write(`${new Date().toISOString()} ${level} ${safeLine([message, ...facts].join(' '), MAX_LINE)}\n`);
  };
}

/** What programs say of themselves: a line each on standard error, for people and for what collects logs. */
export const programLog = { info: line('info'), warn: line('warn'), error: line('error') };
