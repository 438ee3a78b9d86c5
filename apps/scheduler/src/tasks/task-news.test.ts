import { expect, it } from 'vitest';
import { TaskNews } from './task-news.ts';

const LONG_MS = 60_000;

it('wakes those who follow the task, and is not missed between two looks', async () => {
  const news = new TaskNews();
  using follower = news.follow('a');
  const waiting = follower.wait(LONG_MS);
  news.tell('a');
  expect(await waiting).toBe(true);
  news.tell('a');
  expect(await follower.wait(LONG_MS)).toBe(true);
  expect(await follower.wait(1)).toBe(false);
});

it('wakes nobody who follows another task, and nobody who has gone', async () => {
  const news = new TaskNews();
  using other = news.follow('b');
  const gone = news.follow('a');
  gone[Symbol.dispose]();
  news.tell('a');
  expect(await Promise.all([other.wait(1), gone.wait(1)])).toEqual([false, false]);
});
