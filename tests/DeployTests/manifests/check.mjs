// Checks manifests against the types of Kubernetes' API and of the resources of prometheus-operator and the Gateway API.
// Usage: node check.mjs FILE...   Prints what is wrong, a line each; exit code 1 when something is.
// Two ways, as each sees what the other does not: the validators know patterns and required fields, the compiler knows fields that do not exist.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

const here = path.dirname(fileURLToPath(import.meta.url));
const packages = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/monitoring.coreos.com',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api/gateway.networking.k8s.io',
};

function moduleOf(apiVersion) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return group in packages ? `${packages[group]}/${version}` : `kubernetes-models/${group ? `${group}/` : ''}${version}`;
}

const problems = [];
const objects = process.argv.slice(2).flatMap((file) =>
  // As Kubernetes reads it: YAML 1.1, where "on" is true.
  parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1' }).flatMap((document) => {
    problems.push(...document.errors.map((error) => `${file}: ${error.message}`));
    const value = document.toJS();
    return value ? [{ name: `${path.basename(file)}: ${value.kind}/${value.metadata?.name}`, value }] : [];
  }));

for (const { name, value } of objects) {
  try {
    const models = await import(moduleOf(value.apiVersion));
    new models[value.kind](value).validate();
  } catch (error) {
    problems.push(`${name}: ${error.message}`);
  }
}

// One constant a line, so that a line of a complaint is the number of an object.
const source = objects.map(({ value }, i) =>
  `export const o${i}: import(${JSON.stringify(moduleOf(value.apiVersion))}).I${value.kind} = ${JSON.stringify(value)};`).join('\n');
const file = path.join(here, 'manifests.ts');
const options = { noEmit: true, strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.fileExists = (name) => name === file || fileExists(name);
host.readFile = (name) => (name === file ? source : readFile(name));
host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, source, rest[0]) : getSourceFile(name, ...rest));
const program = ts.createProgram([file], options, host);
for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
  const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start).line;
  problems.push(`${objects[line]?.name ?? 'compiler'}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`);
}

console.log(problems.length ? problems.join('\n') : `${objects.length} objects are right`);
process.exitCode = problems.length ? 1 : 0;
