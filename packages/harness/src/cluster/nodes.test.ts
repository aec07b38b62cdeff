import { expect } from 'chai';
import { nodeFailure } from './nodes.ts';

describe('nodeFailure', () => {
  const failures: [string, string, RegExp][] = [
    ['(HTTP code 404) no such image: k3s:1', 'the node image can not be had', /--k3s-image/],
    ['lookup registry.example: no such host', 'the node image can not be had', /--k3s-image/],
    ['runc: unable to apply caps: operation not permitted', 'privileged', /--kubeconfig/],
    ['Bind for 0.0.0.0:6443 failed: port is already allocated', 'port is in use', /--api-port/],
  ];
  for (const [said, message, hint] of failures) {
    it(`knows what to do about: ${said}`, () => {
      const error = nodeFailure(new Error(said), 'k3s:1', []);
      expect(error).to.include({ kind: 'environment', object: 'k3s:1' });
      expect(error.message).to.contain(message);
      expect(error.hint).to.match(hint);
    });
  }

  it('quotes the end of the nodes’ output for anything else', () => {
    const log = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const { message } = nodeFailure(new Error('container exited'), 'k3s:1', log);
    expect(message).to.contain('container exited').and.to.contain('line 19');
    expect(message).not.to.contain('line 11\n');
  });
});
