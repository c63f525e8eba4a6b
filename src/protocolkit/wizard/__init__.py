"""Begin a protocol file: a commented skeleton of the schema, or the structure of an example."""
