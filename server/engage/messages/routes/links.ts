import { type Context, tenantIdOf } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import type { RawImplementation, RawReply, RawRequest } from '../../../platform/http/raw.ts'
import { inTenant } from '../../../platform/tenancy/transaction.ts'
import { languageOf } from '../../lifecycle-actions/commands/welcome.ts'
import { type Chooser, choose, chooserOf, unsubscribeTopic } from '../commands/preferences.ts'
import { trackMessage } from '../commands/track.ts'
import {
  followLink,
  openPixel,
  savePreferences,
  showPreferences,
  showUnsubscribe,
  unsubscribe,
} from '../contract/public.ts'
import { gonePage, pageHeaders, preferencePage, unsubscribedPage, unsubscribePage } from '../preference-page.ts'
import { linkTarget } from '../queries/links.ts'
import { type LinkPurpose, readLink, type SignedLink, signLink } from '../signed-link.ts'

const actor = { kind: 'system', id: undefined, name: 'messages' } as const
const html = 'text/html; charset=utf-8'
/** A picture of one point, transparent. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** Reads a signed address and works in its company. What is forged, cut, or for something else finds nothing: 404. */
async function behind(
  installation: Installation,
  { params, origin }: RawRequest,
  purpose: LinkPurpose,
  work: (ctx: Context, link: SignedLink) => Promise<RawReply | undefined>,
): Promise<RawReply> {
  const link = readLink(installation.keyring, purpose, params.token ?? '')
  const reply = link && (await inTenant(installation, origin, tenantIdOf(link.tenantId), actor, ctx => work(ctx, link)))
  return reply ?? { status: 404, body: gonePage(origin.locale), type: html, headers: pageHeaders }
}

const seenAs = ({ method, headers }: RawRequest) => ({ method, agent: String(headers['user-agent'] ?? '') })

function page(body: string): RawReply {
  return { status: 200, body, type: html, headers: pageHeaders }
}

function languageFor(chooser: Chooser): 'ja' | 'en' {
  return languageOf(chooser.language) ?? chooser.companyLocale
}

function topicName(chooser: Chooser, language: 'ja' | 'en'): string | undefined {
  const topic = chooser.topics.find(({ id }) => id === chooser.topicId)
  return topic && (language === 'ja' ? topic.nameJa : topic.nameEn)
}

function preferences(chooser: Chooser, saved: boolean): RawReply {
  const language = languageFor(chooser)
  const topics = chooser.topics.map(({ id, nameJa, nameEn, descriptionJa, descriptionEn, subscribed }) => ({
    id,
    name: language === 'ja' ? nameJa : nameEn,
    description: language === 'ja' ? descriptionJa : descriptionEn,
    subscribed,
  }))
  return page(preferencePage(language, { company: chooser.company, topics, isOut: chooser.isOut, saved }))
}

export const linkRoutes: readonly RawImplementation[] = [
  {
    contract: openPixel,
    handle: (installation, request) =>
      behind(installation, request, 'open', async (ctx, link) => {
        if (!(await trackMessage(ctx, 'open', link, seenAs(request)))) return undefined
        return {
          status: 200,
          body: pixel,
          type: 'image/gif',
          headers: { 'cross-origin-resource-policy': 'cross-origin' },
        }
      }),
  },
  {
    contract: followLink,
    handle: (installation, request) =>
      behind(installation, request, 'click', async (ctx, link) => {
        const target = await linkTarget(ctx, link)
        if (target === undefined) return undefined
        await trackMessage(ctx, 'click', link, seenAs(request))
        return { status: 302, body: '', type: html, headers: { location: target, 'referrer-policy': 'no-referrer' } }
      }),
  },
  {
    contract: showPreferences,
    handle: (installation, request) =>
      behind(installation, request, 'preferences', async (ctx, { messageId }) => {
        const chooser = await chooserOf(ctx, messageId)
        return chooser && preferences(chooser, false)
      }),
  },
  {
    contract: savePreferences,
    handle: (installation, request) =>
      behind(installation, request, 'preferences', async (ctx, { messageId }) => {
        const chooser = await chooserOf(ctx, messageId)
        if (!chooser) return undefined
        const form = new URLSearchParams(request.body.toString('utf8'))
        // An empty or foreign body is no choice.
        if (form.get('form') !== 'preferences') return preferences(chooser, false)
        await choose(ctx, chooser, { subscribed: new Set(form.getAll('topic')), all: form.get('all') === 'off' })
        const after = await chooserOf(ctx, messageId)
        return after && preferences(after, true)
      }),
  },
  {
    contract: showUnsubscribe,
    handle: (installation, request) =>
      behind(installation, request, 'unsubscribe', async (ctx, { messageId }) => {
        const chooser = await chooserOf(ctx, messageId)
        if (!chooser) return undefined
        const language = languageFor(chooser)
        return page(unsubscribePage(language, topicName(chooser, language)))
      }),
  },
  {
    contract: unsubscribe,
    handle: (installation, request) =>
      behind(installation, request, 'unsubscribe', async (ctx, { messageId, tenantId }) => {
        const chooser = await chooserOf(ctx, messageId)
        if (!chooser) return undefined
        const form = new URLSearchParams(request.body.toString('utf8'))
        const isOneClick = form.get('List-Unsubscribe') === 'One-Click'
        const language = languageFor(chooser)
        // A post that says neither is none of a mail program's and none of our page's.
        if (!isOneClick && form.get('form') !== 'page')
          return page(unsubscribePage(language, topicName(chooser, language)))
        await unsubscribeTopic(ctx, chooser, isOneClick ? 'one_click' : 'page')
        const more = `${installation.address}/m/p/${signLink(installation.keyring, 'preferences', { tenantId, messageId })}`
        return page(unsubscribedPage(language, topicName(chooser, language), more))
      }),
  },
]
