import { expect } from 'chai';
import { fakeClient, notFound } from './client.fixture.ts';
import { editObject } from './edit.ts';
import { ApiFailure } from './failure.ts';

interface Thing {
  metadata: { name: string; resourceVersion: string };
  value: number;
}
const things = { base: '/api/v1', plural: 'things', namespaced: true };

/** An API server whose one object somebody else changes as often as told, just before a write. */
function server(rivals: number) {
  let thing: Thing = { metadata: { name: 'a', resourceVersion: '1' }, value: 1 };
  let left = rivals;
  const client = fakeClient(({ line, body }) => {
    if (!line.endsWith('/things/a')) throw notFound();
    if (line.startsWith('GET')) return thing;
    if (left > 0) {
      left -= 1;
      const resourceVersion = `${Number(thing.metadata.resourceVersion) + 1}`;
      thing = { metadata: { name: 'a', resourceVersion }, value: thing.value * 10 };
    }
    if ((body as Thing).metadata.resourceVersion !== thing.metadata.resourceVersion) {
      throw new ApiFailure(409, 'Conflict', 'changed meanwhile', line);
    }
    thing = body as Thing;
    return thing;
  });
  const edit = (name: string) =>
    editObject<Thing>(client, things, name, 'ns', (now) => ({ ...now, value: now.value + 1 }));
  return { edit };
}

describe('editObject', () => {
  it('changes the object, also when somebody else was faster, and then theirs', async () => {
    expect((await server(0).edit('a'))?.value).to.equal(2);
    expect((await server(2).edit('a'))?.value).to.equal(101);
  });

  it('changes nothing where there is nothing', async () => {
    expect(await server(0).edit('b')).to.equal(undefined);
  });
});
