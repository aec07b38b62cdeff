import { expect } from 'chai';
import { fullReference } from './images.ts';

describe('fullReference', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const references: [string, string][] = [
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.29', 'docker.io/library/nginx:1.29'],
    ['bitnami/redis', 'docker.io/bitnami/redis:latest'],
    ['docker.io/library/busybox:1.37', 'docker.io/library/busybox:1.37'],
    ['quay.io/org/app', 'quay.io/org/app:latest'],
    ['localhost/app:1', 'localhost/app:1'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    ['registry:5000/org/app:2', 'registry:5000/org/app:2'],
    ['holdfast.local/nginx:trixie', 'holdfast.local/nginx:trixie'],
    [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
  ];
  for (const [short, full] of references) {
    it(`of ${short.replace(/0{64}/, '0…')} is as containerd writes it`, () => {
      expect(fullReference(short)).to.equal(full);
    });
  }

  it('is left as it is when it is full already', () => {
    for (const [, full] of references) expect(fullReference(full)).to.equal(full);
  });
});
