"""Drives boto3 for the client matrix.

Standard input: one line of settings, then a request a line; standard output: a reply a line, all JSON.
A reply is {"ok": true, "value": ...} or {"ok": false, "error": "why"}. The end of the input ends it.
Everything that the matrix does not ask for is boto3's default.
"""

import json
import shutil
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore import UNSIGNED
from botocore.client import Config
from botocore.exceptions import ClientError

PART_BYTES = 8 * 1024 * 1024


class Driver:
    def __init__(self, settings):
        anonymous = settings["accessKey"] is None
        # Signature version 4 has to be asked for: for presigned URLs boto3 prefers version 2 at endpoints it does not know.
        config = Config(
            signature_version=UNSIGNED if anonymous else "s3v4",
            s3={"addressing_style": settings["addressing"]},
            retries={"max_attempts": 1},
        )
        self.bucket = settings["bucket"]
        self.s3 = boto3.client(
            "s3",
            endpoint_url=settings["endpoint"],
            region_name=settings["region"],
            aws_access_key_id=settings["accessKey"],
            aws_secret_access_key=settings["secretKey"],
            config=config,
        )
        self.parts = TransferConfig(
            multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=4
        )

    def put(self, key, file, metadata=None):
        with open(file, "rb") as body:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, Metadata=metadata or {})

    def get(self, key, file, range=None):
        options = {} if range is None else {"Range": range}
        self._save(self.s3.get_object(Bucket=self.bucket, Key=key, **options), file)

    def get_if(self, key, file, if_match=None, if_none_match=None):
        options = {"IfMatch": if_match, "IfNoneMatch": if_none_match}
        options = {name: value for name, value in options.items() if value is not None}
        try:
            self._save(self.s3.get_object(Bucket=self.bucket, Key=key, **options), file)
            return True
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == (304 if if_match is None else 412):
                return False
            raise

    def upload_in_parts(self, key, file):
        self.s3.upload_file(file, self.bucket, key, Config=self.parts)

    def download_in_parts(self, key, file):
        self.s3.download_file(self.bucket, key, file, Config=self.parts)

    def copy(self, source, destination):
        self.s3.copy_object(
            Bucket=self.bucket, Key=destination, CopySource={"Bucket": self.bucket, "Key": source}
        )

    def head(self, key):
        answer = self.s3.head_object(Bucket=self.bucket, Key=key)
        return {"bytes": answer["ContentLength"], "etag": answer["ETag"], "metadata": answer["Metadata"]}

    def list(self, prefix, page_size):
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix, Delimiter="/", PaginationConfig={"PageSize": page_size}
        )
        keys, prefixes = [], []
        for page in pages:
            keys += [item["Key"] for item in page.get("Contents", [])]
            prefixes += [item["Prefix"] for item in page.get("CommonPrefixes", [])]
        return {"keys": keys, "prefixes": prefixes}

    def presign(self, method, key):
        operation = {"GET": "get_object", "PUT": "put_object"}[method]
        return self.s3.generate_presigned_url(operation, {"Bucket": self.bucket, "Key": key}, ExpiresIn=600)

    def delete(self, key):
        self.s3.delete_object(Bucket=self.bucket, Key=key)

    def delete_many(self, keys):
        answer = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": key} for key in keys]})
        if answer.get("Errors"):
            raise RuntimeError(answer["Errors"])

    @staticmethod
    def _save(answer, file):
        with open(file, "wb") as target:
            shutil.copyfileobj(answer["Body"], target, 1024 * 1024)


def main():
    driver = Driver(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        request = json.loads(line)
        try:
            value = getattr(driver, request["operation"])(**request["arguments"])
            reply = {"ok": True, "value": value}
        except Exception as error:  # Whatever goes wrong is the matrix's to report.
            reply = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


main()
