import { connect as connectPlain, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { connect as connectTls } from 'node:tls'

/** Longest wait for the whole talk (ms). */
const limit = 10_000

/**
 * Greets an SMTP server and takes leave (RFC 5321, section 4.1.1.1); no sign-in, no mail.
 * @param url `smtp://host:587` or `smtps://host:465`
 * @throws Error that says what the server did
 */
export async function greetSmtp(url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url)
  const secure = protocol === 'smtps:'
  const socket = secure
    ? connectTls({ host: hostname, port: Number(port || 465), servername: hostname })
    : connectPlain({ host: hostname, port: Number(port || 587) })
  const timer = setTimeout(() => socket.destroy(new Error(`No answer within ${limit / 1_000} s.`)), limit)
  try {
    await talk(socket)
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

async function talk(socket: Socket): Promise<void> {
  const failure = new Promise<never>((_, reject) => socket.once('error', reject))
  failure.catch(() => {})
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const reply = async (wanted: string) => {
    for (;;) {
      const { value = '', done } = await Promise.race([lines.next(), failure])
      if (done) throw new Error('The server closed the connection.')
      if (!value.startsWith(wanted)) throw new Error(`The server said: ${value.slice(0, 200)}`)
      // "250-" goes on, "250 " is the last line.
      if (value[3] !== '-') return
    }
  }
  await reply('220')
  socket.write('EHLO kizuna.invalid\r\n')
  await reply('250')
  socket.write('QUIT\r\n')
}
