import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Contact, contactSorts } from '../../../server/customers/contacts/contract.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { IconButton } from '../../kit/button.tsx'
import type { Column } from '../../kit/data-table.tsx'
import { attributeText, useAttributes } from './attributes.ts'
import './record.css'
import { useStageName } from './stage-names.ts'
import { TagLine } from './tag-editor.tsx'

const tones = { POSITIVE: 'green', NEUTRAL: 'plain', NEGATIVE: 'red' } as const

interface ContactColumnOptions {
  /** Inside a customer's page its name needs no column. */
  within?: 'customer'
  onEdit?: ((contact: Contact) => void) | undefined
}

/** Every column of a table of people: the standard ones, those to pick, and the company's own fields. */
export function useContactColumns({ within, onEdit }: ContactColumnOptions): Column<Contact>[] {
  const t = useText()
  const format = useFormat()
  const attributes = useAttributes('contact')
  const stageName = useStageName()
  return useMemo(() => {
    const dash = <span className="text-t3">–</span>
    const isSortable = (id: string) => within === undefined && contactSorts.some(sort => sort === id)
    const column = (
      id: Extract<keyof Contact, Parameters<typeof headOf>[0]>,
      width: number | undefined,
      cell: Column<Contact>['cell'],
      more: Partial<Column<Contact>> = {},
    ): Column<Contact> => ({
      id,
      header: headOf(id),
      width,
      cell,
      narrow: 'hide',
      ...(isSortable(id) && { sort: 'server' }),
      ...more,
    })
    function headOf(
      id:
        | 'name'
        | 'title'
        | 'email'
        | 'stakeholderRole'
        | 'sentiment'
        | 'tags'
        | 'lastSeenAt'
        | 'lastLoginAt'
        | 'nps'
        | 'csat'
        | 'ticketCount'
        | 'leadScore'
        | 'role'
        | 'company'
        | 'lifecycleStage'
        | 'plan'
        | 'language'
        | 'emailState'
        | 'emailConsent'
        | 'externalId'
        | 'createdAt',
    ) {
      return t(`record.field.${id}`)
    }
    const text = (id: 'role' | 'company' | 'plan' | 'language' | 'externalId', width: number) =>
      column(id, width, row => (row[id] ? <span title={row[id]}>{row[id]}</span> : dash), { optional: true })
    const moment = (id: 'lastSeenAt' | 'lastLoginAt' | 'createdAt', optional: boolean) =>
      column(
        id,
        112,
        row => (row[id] ? <span title={format.dateTime(row[id])}>{format.relative(row[id])}</span> : dash),
        { align: 'end', optional },
      )
    const number = (id: 'nps' | 'csat' | 'ticketCount' | 'leadScore', optional: boolean) =>
      column(id, 80, row => (row[id] === null ? dash : format.number(row[id])), { align: 'end', optional })
    const columns: Column<Contact>[] = [
      column(
        'name',
        undefined,
        row => (
          <Link
            to="/contacts/$id"
            params={{ id: row.id }}
            className={row.leftOn ? 'r-name r-gone' : 'r-name'}
            title={row.name}
            preload={false}
          >
            {row.name}
          </Link>
        ),
        { clip: true, narrow: undefined },
      ),
      column('title', 140, row => (row.title ? <span title={row.title}>{row.title}</span> : dash)),
      ...(within === 'customer'
        ? []
        : [
            {
              id: 'customerName',
              header: t('customers.column.name'),
              width: 176,
              cell: (row: Contact) =>
                row.customerId ? (
                  <Link to="/customers/$id" params={{ id: row.customerId }} className="k-link" preload={false}>
                    {row.customerName}
                  </Link>
                ) : (
                  <span className="text-t3">{t('record.contact.lead')}</span>
                ),
            } satisfies Column<Contact>,
          ]),
      column('stakeholderRole', 120, row =>
        row.stakeholderRole ? t(`record.stakeholder.${row.stakeholderRole}`) : dash,
      ),
      column(
        'sentiment',
        104,
        row =>
          row.leftOn ? (
            <Badge tone="red">{t('record.contact.left')}</Badge>
          ) : row.sentiment ? (
            <Badge tone={tones[row.sentiment]}>{t(`record.sentiment.${row.sentiment}`)}</Badge>
          ) : (
            dash
          ),
        { narrow: undefined },
      ),
      column('email', 176, row => (row.email ? <span title={row.email}>{row.email}</span> : dash)),
      moment('lastSeenAt', false),
      column('tags', 128, row => (row.tags.length > 0 ? <TagLine tags={row.tags} /> : dash), {
        optional: within !== undefined,
      }),
      number('nps', within !== undefined),
      number('csat', true),
      number('ticketCount', true),
      number('leadScore', true),
      text('role', 120),
      text('company', 144),
      column('lifecycleStage', 120, row => (row.lifecycleStage ? <span>{stageName(row.lifecycleStage)}</span> : dash), {
        optional: true,
      }),
      text('plan', 104),
      text('language', 80),
      column('emailState', 112, row => t(`record.emailState.${row.emailState}`), { optional: true }),
      column('emailConsent', 104, row => t(`record.consent.${row.emailConsent}`), { optional: true }),
      text('externalId', 136),
      moment('lastLoginAt', true),
      moment('createdAt', true),
      ...attributes.map(
        (attribute): Column<Contact> => ({
          id: `attributes.${attribute.key}`,
          header: attribute.label,
          width: 136,
          optional: true,
          narrow: 'hide',
          cell: row => attributeText(attribute, row.attributes[attribute.key], t, format) || dash,
        }),
      ),
    ]
    if (onEdit)
      columns.push({
        id: 'actions',
        header: t('kit.table.actions'),
        actions: true,
        align: 'end',
        width: 48,
        cell: row => (
          <IconButton icon="note" label={t('record.contact.editOf', { name: row.name })} onClick={() => onEdit(row)} />
        ),
      })
    return columns
  }, [t, format, attributes, stageName, within, onEdit])
}
