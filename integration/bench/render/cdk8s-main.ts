/**
 * `cdk8s-main.ts OBJECTS.json DIR`: writes the objects as YAML into a folder. What `holdfast generate`
 * is measured beside as a process; both are TypeScript, run by the same Node in the same way.
 */
import { cdk8sApp } from './cdk8s-app.ts';

const [file = '', outdir = ''] = process.argv.slice(2);
(await cdk8sApp(file, outdir)).synth();
