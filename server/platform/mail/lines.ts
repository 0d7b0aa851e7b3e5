import { Line } from './client.ts'
import type { Handed, OutgoingMail } from './delivery.ts'

/** A line to an SMTP server on which messages go out one after the other. */
export interface MailLine {
  /** Connects where nothing is connected. @returns why the server cannot be reached; undefined where it can */
  ready(): Promise<string | undefined>
  /** It never throws for what the server does. */
  deliver(mail: OutgoingMail): Promise<Handed>
  close(): void
}

/** Nothing is connected before `ready` or the first message. @param url as of the settings */
export function openLine(url: string): MailLine {
  return new Line(url)
}
