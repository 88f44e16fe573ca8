/** How every refusal and failure looks on the wire: RFC 9457 with our code, request id and issues (API-070, API-071). */
import { z } from 'zod'

export const issueSchema = z.object({
  in: z.enum(['body', 'query', 'path', 'header', 'row']),
  pointer: z.string(),
  code: z.string(),
  message: z.string(),
  row: z.number().int().optional(),
})

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    errors: z.array(issueSchema),
  })
  .meta({
    examples: [
      {
        type: '/problems/resource.not_found',
        title: 'Not found',
        status: 404,
        detail: 'No such space.',
        instance: 'req_01977a3e9c1b7c52a0d3f1b2c4d5e6f7',
        code: 'resource.not_found',
        errors: [],
      },
    ],
  })
