import { z } from 'zod';

/**
 * States of a package in which it is checked: installed; upgraded from an older version, whose configuration a person had
 * changed; removed with its configuration still there (of an rpm: what the package manager keeps); purged, when nothing of
 * it may be left.
 */
export const PHASES = ['installed', 'upgraded', 'removed', 'purged'] as const;
export const Phase = z.enum(PHASES);
export type Phase = z.infer<typeof Phase>;
