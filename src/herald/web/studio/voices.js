// The choice of a voice, by language and gender, each with a preview.
const genderOf = (voice) => (voice.gender in TEXT.speak.genders ? voice.gender : "unknown");

function useVoices() {
  const { data, error } = useLoad(async () => account.key && cached("/v1/voices"), account.key);
  return { voices: data ? data.data.filter((voice) => voice.realtime) : null, error };
}

function VoicePicker({ voices, own, value, onChange, onPreview, previewing }) {
  const [language, setLanguage] = useState("");
  const [gender, setGender] = useState("");
  const languages = [...new Map(voices.map((voice) => [voice.language, voice.language_name])).entries()];
  const genders = [...new Set(voices.map(genderOf))].map((name) => [name, TEXT.speak.genders[name]]);
  const shown = voices.filter((voice) => (!language || voice.language === language) && (!gender || genderOf(voice) === gender));
  const all = ["", TEXT.speak.any];
  return html`<fieldset>
    <legend>${TEXT.speak.voice}</legend>
    <div class="row">
      <${Choice} id="language" label=${TEXT.speak.language} value=${language} options=${[all, ...languages]} onChange=${setLanguage} />
      <${Choice} id="gender" label=${TEXT.speak.gender} value=${gender} options=${[all, ...genders]} onChange=${setGender} />
    </div>
    <ul class="voices">
      ${shown.map(
        (voice) => html`<li key=${voice.id}>
          <label><input type="radio" name="voice" value=${voice.id} checked=${voice.id === value} onChange=${() => onChange(voice.id)} />
            <span>${voice.id}<small>${voice.language_name} · ${TEXT.speak.genders[genderOf(voice)]}</small></span></label>
          <button type="button" class="quiet" aria-label=${say(TEXT.speak.preview, { voice: voice.id })} aria-pressed=${previewing === voice.id}
            onClick=${() => onPreview(voice)}>▶</button>
        </li>`,
      )}
      ${!shown.length && html`<li>${TEXT.speak.noVoices}</li>`}
    </ul>
    ${own.length > 0 && html`<p id="custom-voices">${TEXT.voices.own}</p><ul class="voices" aria-labelledby="custom-voices">
      ${own.map((voice) => html`<li key=${voice.id}>
        <label><input type="radio" name="voice" value=${voice.id} checked=${voice.id === value} onChange=${() => onChange(voice.id)} />${voice.name}</label>
        <a href=${`#/voices/${voice.id}`} aria-label=${say(TEXT.speak.details, { voice: voice.name })}>${TEXT.speak.about}</a></li>`)}
    </ul>`}
  </fieldset>`;
}
