import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

interface Reply {
  status: number
  body?: string
  headers?: Record<string, string>
  /** Sends a byte now and then instead, and never ends. */
  drips?: boolean
}

/** What stands in for Slack, Teams or a program of the customer: it keeps what it receives. */
export interface Receiver {
  url: string
  received: Received[]
  /** What is answered from now on. */
  answer: Reply
  end(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const receiver = { answer: { status: 200, body: 'ok' } as Reply }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() })
      const { status, body, headers, drips } = receiver.answer
      response.writeHead(status, headers)
      if (!drips) return response.end(body)
      const timer = setInterval(() => response.write(' '), 200)
      response.on('close', () => clearInterval(timer))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${port}`,
    received,
    end: () => endServer(server),
  })
}

function endServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise(resolve => server.close(() => resolve()))
}
