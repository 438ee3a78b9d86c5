import { styleText } from 'node:util';
import type { Verdict } from '../contracts/report.ts';

/** What a piece of text means; how that looks is the palette's affair. */
type Role = 'good' | 'bad' | 'warning' | 'dim' | 'strong';
export type Palette = Readonly<Record<Role, (text: string) => string>>;

const same = (text: string): string => text;
/** Without any escape sequence. */
export const PLAIN: Palette = { good: same, bad: same, warning: same, dim: same, strong: same };

type Style = Parameters<typeof styleText>[0];
// Whether the reader wants colours was decided by whoever chose this palette, not by the state of process.stdout.
const styled =
  (style: Style) =>
  (text: string): string =>
    styleText(style, text, { validateStream: false });

export const COLOURED: Palette = {
  good: styled('green'),
  bad: styled('red'),
  warning: styled('yellow'),
  dim: styled('dim'),
  strong: styled('bold'),
};

/** The role of each verdict. */
export const VERDICT_ROLE: Readonly<Record<Verdict, Role>> = {
  passed: 'good',
  failed: 'bad',
  error: 'warning',
  cancelled: 'warning',
};
