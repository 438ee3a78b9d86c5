import { z } from 'zod';

/** Celery's templates leave keys empty that are not used: null is as good as nothing, here and in all that follows. */
const quoted = ({ input }: { readonly input?: unknown }): string =>
  typeof input === 'object' ? 'must be text' : `must be text; put it in quotes: '…'`;

/** Text whose value may be a secret, and is in no message. */
export const text = () => z.string({ error: quoted }).nullish();

/** The words that PyYAML (YAML 1.1) reads as true and false; to YAML 1.2 most of them are text. */
const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
};

export const flag = () =>
  z
    .preprocess(
      (value) => WORDS[String(value).toLowerCase()] ?? value,
      z.boolean({ error: ({ input }) => `${JSON.stringify(input)} must be true or false` }).nullish(),
    )
    .optional();

/** A whole number; as text, too, for the Python system's model turned that into one. */
export const integer = (least: number, most: number) =>
  z
    .preprocess(
      (value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
      z
        .int({ error: ({ input }) => `${JSON.stringify(input)} must be a whole number` })
        .min(least, `must be at least ${least}`)
        .max(most, `must be at most ${most}`)
        .nullish(),
    )
    .optional();

export const port = () => integer(1, 65_535);

export const words = () =>
  z.array(z.string({ error: quoted }), { error: 'must be a list, such as [docker]' }).nullish();

/** For keys without effect: whatever it is, nobody looks at it. */
export const anything = () => z.unknown().optional();
