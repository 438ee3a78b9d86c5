import { describe, expect, it } from 'vitest';
import type { TestEvent } from '../contracts/events.ts';
import { EventStream } from './event-stream.ts';

describe('events', () => {
  it('reach a slow listener one at a time, numbered, in order', async () => {
    const seen: TestEvent[] = [];
    let inside = 0;
    const events = new EventStream('t', async (event) => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise(setImmediate);
      seen.push(event);
      inside -= 1;
    });
    void events.emit({ type: 'stage-started', stage: 'system_info' });
    void events.emit({ type: 'output', stage: 'system_info', stream: 'stdout', text: 'x' });
    await events.emit({ type: 'verdict', verdict: 'passed' });
    expect(seen.map(({ sequence, type }) => [sequence, type])).toEqual([
      [0, 'stage-started'],
      [1, 'output'],
      [2, 'verdict'],
    ]);
  });

  it('go on when the listener throws', async () => {
    const seen: string[] = [];
    const events = new EventStream('t', ({ type }) => {
      seen.push(type);
      throw new Error('no');
    });
    await events.emit({ type: 'stage-started', stage: 'system_info' });
    await events.emit({ type: 'verdict', verdict: 'passed' });
    expect(seen).toEqual(['stage-started', 'verdict']);
  });
});
