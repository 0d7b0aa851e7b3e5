import { useMemo, useState } from 'react'
import {
  createTicket,
  listTickets,
  type Ticket,
  ticketPriorities,
  ticketStatuses,
  updateTicket,
} from '../../../server/customers/support/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'

const statusTones = { OPEN: 'accent', PENDING: 'yellow', ON_HOLD: 'plain', RESOLVED: 'green', CLOSED: 'plain' } as const
const stale = ['/api/v1/tickets', '/api/v1/customers']

interface TicketTableProps {
  of: { customerId?: string; contactId?: string }
}

/** Support cases, latest first, with the place to enter one. */
export function TicketTable({ of }: TicketTableProps) {
  const t = useText()
  const format = useFormat()
  const mayWrite = useMay('timeline.write')
  const [edited, setEdited] = useState<Ticket | 'new' | null>(null)
  const tickets = useRoutePages(listTickets, { query: { ...of, limit: 100 } })
  const columns = useMemo<Column<Ticket>[]>(
    () => [
      {
        id: 'subject',
        header: t('record.ticket.subject'),
        clip: true,
        cell: row => <span title={row.subject}>{row.subject}</span>,
      },
      {
        id: 'status',
        header: t('record.ticket.status'),
        width: 104,
        cell: row => <Badge tone={statusTones[row.status]}>{t(`record.ticketStatus.${row.status}`)}</Badge>,
      },
      {
        id: 'priority',
        header: t('record.ticket.priority'),
        width: 88,
        narrow: 'hide',
        cell: row => (
          <span
            className={row.priority === 'URGENT' ? 'text-red' : row.priority === 'HIGH' ? 'text-orange' : undefined}
          >
            {t(`record.ticketPriority.${row.priority}`)}
          </span>
        ),
      },
      {
        id: 'contact',
        header: t('record.ticket.contact'),
        width: 152,
        narrow: 'hide',
        cell: row => row.contactName ?? <span className="text-t3">–</span>,
      },
      { id: 'source', header: t('record.ticket.source'), width: 104, narrow: 'hide', cell: row => row.source },
      {
        id: 'opened',
        header: t('record.ticket.opened'),
        align: 'end',
        width: 112,
        cell: row => <span title={format.dateTime(row.openedAt)}>{format.shortDay(row.openedAt)}</span>,
      },
      {
        id: 'resolved',
        header: t('record.ticket.resolved'),
        align: 'end',
        width: 112,
        narrow: 'hide',
        cell: row => (row.resolvedAt ? format.shortDay(row.resolvedAt) : <span className="text-t3">–</span>),
      },
      ...(mayWrite
        ? [
            {
              id: 'actions',
              header: t('kit.table.actions'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: Ticket) => (
                <IconButton
                  icon="note"
                  label={t('record.ticket.editOf', { name: row.subject })}
                  onClick={() => setEdited(row)}
                />
              ),
            },
          ]
        : []),
    ],
    [t, format, mayWrite],
  )
  return (
    <>
      <DataTable
        id="tickets"
        fixed
        label={t('record.ticket.list')}
        columns={columns}
        rows={tickets.rows}
        rowId={row => row.id}
        rowName={row => row.subject}
        more={tickets.more}
        tools={
          mayWrite && (
            <Button size="small" icon="plus" onClick={() => setEdited('new')}>
              {t('record.ticket.add')}
            </Button>
          )
        }
        problem={tickets.problem ? { text: wordsOf(tickets.problem, t), retry: tickets.retry } : undefined}
        empty={<EmptyState title={t('record.ticket.empty')} text={t('record.ticket.emptyText')} />}
      />
      {edited && (
        <TicketDialog ticket={edited === 'new' ? undefined : edited} of={of} onClose={() => setEdited(null)} />
      )}
    </>
  )
}

function TicketDialog({ ticket, of, onClose }: TicketTableProps & { ticket: Ticket | undefined; onClose: () => void }) {
  const t = useText()
  const create = useCommand(createTicket, { quiet: true, stale })
  const update = useCommand(updateTicket, { quiet: true, stale })
  return (
    <Dialog open onClose={onClose} title={t(ticket ? 'record.ticket.editTitle' : 'record.ticket.addTitle')}>
      <Form
        submit={t(ticket ? 'record.compose.save' : 'record.ticket.add')}
        onCancel={onClose}
        onSubmit={async values => {
          const status = ticketStatuses.find(each => each === values.text('status')) ?? 'OPEN'
          const body = {
            subject: values.text('subject'),
            status,
            priority: ticketPriorities.find(each => each === values.text('priority')) ?? 'NORMAL',
            ...((status === 'RESOLVED' || status === 'CLOSED') &&
              !ticket?.resolvedAt && { resolvedAt: new Date().toISOString() }),
          }
          if (ticket) await update.run({ params: { id: ticket.id }, body })
          else await create.run({ body: { ...of, ...body, openedAt: new Date().toISOString() } })
          onClose()
        }}
      >
        <Field label={t('record.ticket.subject')} name="subject" required>
          <TextInput maxLength={500} defaultValue={ticket?.subject} autoComplete="off" />
        </Field>
        <div className="r-two">
          <Field label={t('record.ticket.status')} name="status" required>
            <Select
              defaultValue={ticket?.status ?? 'OPEN'}
              options={ticketStatuses.map(value => ({ value, label: t(`record.ticketStatus.${value}`) }))}
            />
          </Field>
          <Field label={t('record.ticket.priority')} name="priority" required>
            <Select
              defaultValue={ticket?.priority ?? 'NORMAL'}
              options={ticketPriorities.map(value => ({ value, label: t(`record.ticketPriority.${value}`) }))}
            />
          </Field>
        </div>
      </Form>
    </Dialog>
  )
}
