import { type Fields, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import { ProtobufWriter } from "../protobuf/writer.ts";

/** Extensions travel as YAML; JSON is YAML. */
function encodeExtensions(writer: ProtobufWriter, field: number, value: Fields): void {
  for (const [name, extension] of Object.entries(value)) {
    if (!name.startsWith("x-")) continue;
    const any = new ProtobufWriter().text(2, JSON.stringify(extension));
    writer.message(field, new ProtobufWriter().text(1, name).message(2, any));
  }
}

function encodeSchema(schema: Fields): ProtobufWriter {
  const writer = new ProtobufWriter().text(1, schema.$ref).text(2, schema.format).text(4, schema.description);
  for (const name of listOf(schema.required)) writer.text(19, name);
  const { additionalProperties, items, properties, type } = schema;
  if (isFields(additionalProperties)) {
    writer.message(21, new ProtobufWriter().message(1, encodeSchema(additionalProperties)));
  }
  if (typeof type === "string") writer.message(22, new ProtobufWriter().text(1, type));
  if (isFields(items)) writer.message(23, new ProtobufWriter().message(1, encodeSchema(items)));
  if (isFields(properties)) {
    const all = new ProtobufWriter();
    for (const [name, property] of Object.entries(properties)) all.message(1, encodeNamed(name, property));
    writer.message(25, all);
  }
  encodeExtensions(writer, 31, schema);
  return writer;
}

function encodeNamed(name: string, schema: unknown): ProtobufWriter {
  return new ProtobufWriter().text(1, name).message(2, encodeSchema(fieldsOf(schema)));
}

function encodeParameter(parameter: Fields): ProtobufWriter {
  const query = new ProtobufWriter()
    .text(2, parameter.in)
    .text(3, parameter.description)
    .text(4, parameter.name)
    .text(6, parameter.type)
    .bool(20, parameter.uniqueItems);
  const nonBody = new ProtobufWriter().message(3, query);
  return new ProtobufWriter().message(1, new ProtobufWriter().message(2, nonBody));
}

function encodeOperation(operation: Fields): ProtobufWriter {
  const writer = new ProtobufWriter().text(5, operation.operationId);
  for (const parameter of listOf(operation.parameters))
    writer.message(8, encodeParameter(fieldsOf(parameter)));
  const responses = new ProtobufWriter();
  for (const [code, response] of Object.entries(fieldsOf(operation.responses))) {
    const described = new ProtobufWriter().text(1, textOf(fieldsOf(response).description));
    const value = new ProtobufWriter().message(1, described);
    responses.message(1, new ProtobufWriter().text(1, code).message(2, value));
  }
  writer.message(9, responses);
  encodeExtensions(writer, 13, operation);
  return writer;
}

const operationFields: Record<string, number> = { get: 2, put: 3, post: 4, delete: 5, patch: 8 };

function encodePath(name: string, item: Fields): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const [method, operation] of Object.entries(item)) {
    const field = operationFields[method];
    if (field !== undefined) writer.message(field, encodeOperation(fieldsOf(operation)));
  }
  return new ProtobufWriter().text(1, name).message(2, writer);
}

/** An OpenAPI v2 document as gnostic's protobuf (openapiv2/OpenAPIv2.proto), which kubectl asks for. */
export function encodeOpenApiV2(document: Fields): Buffer {
  const info = fieldsOf(document.info);
  const paths = new ProtobufWriter();
  for (const [name, item] of Object.entries(fieldsOf(document.paths))) {
    paths.message(2, encodePath(name, fieldsOf(item)));
  }
  const definitions = new ProtobufWriter();
  for (const [name, schema] of Object.entries(fieldsOf(document.definitions))) {
    definitions.message(1, encodeNamed(name, schema));
  }
  return new ProtobufWriter()
    .text(1, document.swagger)
    .message(2, new ProtobufWriter().text(1, info.title).text(2, info.version))
    .message(8, paths)
    .message(9, definitions)
    .finish();
}
