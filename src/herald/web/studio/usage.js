// The rest of the key's quota, and the tenant's usage and spend by day.
const USAGE_DAYS = 30;
const USAGE_PATH = `/v1/usage?days=${USAGE_DAYS}`;

function Usage() {
  const usage = useLoad(async () => account.key && call("GET", USAGE_PATH), account.key);
  return html`<h1 tabindex="-1">${TEXT.usage.title}</h1>
    ${!account.key && html`<${NoKey} />`}
    <${Failed} error=${usage.error} />
    ${account.key && usage.loading && html`<p role="status">${TEXT.loading}</p>`}
    ${usage.data && html`<${Quota} usage=${usage.data} /><${Days} days=${usage.data.data} />
      <${CopyAs} snippets=${readingSnippets([USAGE_PATH], [`usage --days ${USAGE_DAYS}`])} />`}`;
}

function Quota({ usage }) {
  const { characters_a_day: most, requests_a_second: rate } = usage.limits;
  const used = usage.today.characters;
  return html`<h2>${TEXT.usage.today}</h2>
    ${most !== null && html`<progress max=${most} value=${Math.min(used, most)} aria-label=${TEXT.usage.quota}></progress>`}
    <dl>
      <div><dt>${TEXT.usage.used}</dt><dd>${say(TEXT.usage.characters, { count: number(used) })}</dd></div>
      <div><dt>${TEXT.account.left}</dt><dd>${most === null ? TEXT.account.unlimited : number(usage.today.characters_left)}</dd></div>
      <div><dt>${TEXT.usage.rate}</dt><dd>${rate === null ? TEXT.account.unlimited : number(rate)}</dd></div>
    </dl>`;
}

function Days({ days }) {
  const used = days.filter((day) => day.requests || day.characters || day.spend);
  const sum = (name) => used.reduce((total, day) => total + day[name], 0);
  const most = Math.max(...used.map((day) => day.spend)) || 1;
  const { day, charactersOf, requests, spend } = TEXT.usage;
  return html`<h2>${say(TEXT.usage.days, { days: days.length })}</h2>
    <p>${used.length ? say(TEXT.usage.total, { spend: dollars(sum("spend")), count: number(sum("characters")) }) : TEXT.usage.unused}</p>
    ${used.length > 0 && html`<${Table} label=${TEXT.usage.day}>
      <thead><tr><th scope="col">${day}</th>${[charactersOf, requests, spend].map((name) => html`<th scope="col" class="amount" key=${name}>${name}</th>`)}
        <th scope="col" class="bar"><span class="unseen">${TEXT.usage.share}</span></th></tr></thead>
      <tbody>${used.map((one) => html`<tr key=${one.day}><td class="file">${one.day}</td><td class="amount">${number(one.characters)}</td>
        <td class="amount">${number(one.requests)}</td><td class="amount">${dollars(one.spend)}</td>
        <td class="bar"><progress max=${most} value=${one.spend} aria-hidden="true"></progress></td></tr>`)}</tbody>
    <//>
    <p><small>${TEXT.usage.spendHint}</small></p>`}`;
}
