// Drives the AWS SDK for JavaScript for the client matrix.
//
// Standard input: one line of settings, then a request a line; standard output: a reply a line, all JSON.
// A reply is {"ok": true, "value": ...} or {"ok": false, "error": "why"}. The end of the input ends it.
// Everything that the matrix does not ask for is the SDK's default, checksums above all.

import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import {
  CopyObjectCommand, DeleteObjectCommand, DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client, paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const partBytes = 8 * 1024 * 1024;
const parallelParts = 4;

class Driver {
  constructor({ endpoint, region, accessKey, secretKey, bucket, addressing }) {
    this.bucket = bucket;
    this.s3 = new S3Client({
      endpoint,
      region,
      forcePathStyle: addressing === "path",
      maxAttempts: 1,
      ...(accessKey === null
        ? { signer: { sign: async (request) => request }, credentials: { accessKeyId: "", secretAccessKey: "" } }
        : { credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } }),
    });
  }

  async put({ key, file, metadata }) {
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: createReadStream(file), ContentLength: await sizeOf(file), Metadata: metadata }));
  }

  async get({ key, file, range }) {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key, Range: range }));
    await pipeline(Body, createWriteStream(file));
  }

  async get_if({ key, file, if_match, if_none_match }) {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key, IfMatch: if_match, IfNoneMatch: if_none_match }));
      await pipeline(Body, createWriteStream(file));
      return true;
    } catch (error) {
      if (error.$metadata?.httpStatusCode === (if_match === undefined ? 304 : 412)) {
        return false;
      }
      throw error;
    }
  }

  async upload_in_parts({ key, file }) {
    const params = { Bucket: this.bucket, Key: key, Body: createReadStream(file) };
    await new Upload({ client: this.s3, params, partSize: partBytes, queueSize: parallelParts }).done();
  }

  async download_in_parts({ key, file }) {
    const { ContentLength: length, ETag } = await this.s3.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }));
    const target = await open(file, "w");
    let next = 0;
    const worker = async () => {
      for (let first = next; first < length; first = next) {
        next += partBytes;
        const last = Math.min(first + partBytes, length) - 1;
        const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key, Range: `bytes=${first}-${last}`, IfMatch: ETag }));
        await target.write(await Body.transformToByteArray(), 0, last - first + 1, first);
      }
    };
    try {
      await Promise.all(Array.from({ length: parallelParts }, worker));
    } finally {
      await target.close();
    }
  }

  async copy({ source, destination }) {
    await this.s3.send(new CopyObjectCommand({ Bucket: this.bucket, Key: destination, CopySource: `${this.bucket}/${encodeURIComponent(source)}` }));
  }

  async head({ key }) {
    const { ContentLength, ETag, Metadata } = await this.s3.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }));
    return { bytes: ContentLength, etag: ETag, metadata: Metadata };
  }

  async list({ prefix, page_size }) {
    const keys = [];
    const prefixes = [];
    for await (const page of paginateListObjectsV2({ client: this.s3, pageSize: page_size }, { Bucket: this.bucket, Prefix: prefix, Delimiter: "/" })) {
      keys.push(...(page.Contents ?? []).map((item) => item.Key));
      prefixes.push(...(page.CommonPrefixes ?? []).map((item) => item.Prefix));
    }
    return { keys, prefixes };
  }

  async presign({ method, key }) {
    const Command = { GET: GetObjectCommand, PUT: PutObjectCommand }[method];
    return getSignedUrl(this.s3, new Command({ Bucket: this.bucket, Key: key }), { expiresIn: 600 });
  }

  async delete({ key }) {
    await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  async delete_many({ keys }) {
    const { Errors } = await this.s3.send(new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects: keys.map((key) => ({ Key: key })) } }));
    if (Errors?.length) {
      throw new Error(JSON.stringify(Errors));
    }
  }
}

async function sizeOf(file) {
  const handle = await open(file);
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const driver = new Driver(JSON.parse((await lines.next()).value));
for await (const line of lines) {
  const { operation, arguments: parameters } = JSON.parse(line);
  let reply;
  try {
    reply = { ok: true, value: (await driver[operation](parameters)) ?? null };
  } catch (error) {
    reply = { ok: false, error: `${error.name} (${error.$metadata?.httpStatusCode ?? "no status"}): ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
