// What the tenant has used, by day, and what is left of the key's quota.
const USAGE_DAYS = 30;

function Usage() {
  const usage = useLoad(async () => account.key && call("GET", `/v1/usage?days=${USAGE_DAYS}`), account.key);
  return html`<h1 tabindex="-1">${TEXT.usage.title}</h1>
    ${!account.key && html`<${NoKey} />`}
    <${Failed} error=${usage.error} />
    ${account.key && usage.loading && html`<p role="status">${TEXT.loading}</p>`}
    ${usage.data && html`<${Quota} usage=${usage.data} /><${Days} days=${usage.data.data} />`}`;
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
  const most = Math.max(1, ...days.map((day) => day.characters));
  return html`<h2>${say(TEXT.usage.days, { days: days.length })}</h2>
    <div class="table" tabindex="0"><table>
      <thead><tr><th scope="col">${TEXT.usage.day}</th><th scope="col">${TEXT.usage.charactersOf}</th><th scope="col">${TEXT.usage.requests}</th><th scope="col"><span class="unseen">${TEXT.usage.share}</span></th></tr></thead>
      <tbody>${days.map((day) => html`<tr key=${day.day}><td>${day.day}</td><td>${number(day.characters)}</td><td>${number(day.requests)}</td>
        <td class="bar"><progress max=${most} value=${day.characters} aria-hidden="true"></progress></td></tr>`)}</tbody>
    </table></div>`;
}
