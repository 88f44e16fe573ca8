/** Asks a gRPC server whether one of its services serves, with Node's HTTP/2 alone. Source: grpc.health.v1, gRPC over HTTP/2. */
import { connect } from 'node:http2'

/** What a Temporal frontend serves. */
export const WORKFLOW_SERVICE = 'temporal.api.workflowservice.v1.WorkflowService'

const FRAME_HEADER_BYTES = 5
/** HealthCheckResponse { status: SERVING } : field 1, varint 1. */
const SERVING = Buffer.from([0x08, 0x01])
const FIELD_ONE_TEXT = 0x0a
const ANSWER_TIMEOUT_MS = 2_000

/** `address` is `host:port`; `service` the full name, shorter than 128 bytes. False when it answers anything but SERVING. */
export function isServing(address: string, service: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://${address}`)
    session.setTimeout(ANSWER_TIMEOUT_MS, () => session.destroy(new Error('no answer')))
    session.on('error', reject)
    const request = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', reject)
    request.on('end', () => {
      session.close()
      resolve(Buffer.concat(chunks).subarray(FRAME_HEADER_BYTES).equals(SERVING))
    })
    request.end(frame(Buffer.from(service)))
  })
}

function frame(name: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from([FIELD_ONE_TEXT, name.length]), name])
  const header = Buffer.alloc(FRAME_HEADER_BYTES) // byte 0: not compressed
  header.writeUInt32BE(message.length, 1)
  return Buffer.concat([header, message])
}
