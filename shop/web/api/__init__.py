"""What the JSON interface shares: declarations of calls, strict reading, plain writing, problem documents, OpenAPI."""
