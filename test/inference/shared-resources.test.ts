import { expect, test } from 'vitest';
import { SharedResources } from '../../src/inference/shared-resources.ts';

function countedResources() {
  const freed: number[] = [];
  let made = 0;
  const resources = new SharedResources<number>(async (resource) => void freed.push(resource));
  return { freed, resources, make: async () => ++made };
}

test('who asks while another holds it, or waits for it, gets the same resource', async () => {
  const { resources, make } = countedResources();
  const [first, second] = await Promise.all([resources.acquire('a', make), resources.acquire('a', make)]);
  expect([first.resource, second.resource]).toEqual([1, 1]);
  expect((await resources.acquire('a', make)).resource).toBe(1);
  expect((await resources.acquire('b', make)).resource).toBe(2);
});

test('the last owner frees it, and an owner counts once however often it releases', async () => {
  const { freed, resources, make } = countedResources();
  const first = await resources.acquire('a', make);
  const second = await resources.acquire('a', make);
  await first.release();
  await first.release();
  expect(freed).toEqual([]);
  await second.release();
  expect(freed).toEqual([1]);
  expect((await resources.acquire('a', make)).resource).toBe(2);
});

test('while one is being freed the next owner gets a new one', async () => {
  const { resources, make } = countedResources();
  const first = await resources.acquire('a', make);
  const releasing = first.release();
  const second = await resources.acquire('a', make);
  await releasing;
  expect(second.resource).toBe(2);
});

test('a failure reaches all who wait for it and nobody after', async () => {
  const { resources, make } = countedResources();
  const fail = () => Promise.reject(new Error('no'));
  const both = await Promise.allSettled([resources.acquire('a', fail), resources.acquire('a', make)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await resources.acquire('a', make)).resource).toBe(1);
});
