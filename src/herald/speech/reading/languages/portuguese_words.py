"""Abbreviations, names, units and currencies of Portuguese. Keys are in lower case, but symbols."""

from herald.speech.reading.table import RomanceWords, spread, words

ABBREVIATIONS: dict[str, str] = spread({
    "pess.": "pessoas", "financ.": "financiamento",
    "etc.": "et cetera", "ex.": "exemplo", "p.ex.": "por exemplo", "sr.|sr.º": "senhor", "sra.|srª.|sr.ª": "senhora",
    "srs.": "senhores", "sras.": "senhoras", "srta.": "senhorita", "dr.": "doutor", "dra.|drª.|dr.ª": "doutora",
    "drs.": "doutores", "prof.|prof.º": "professor", "profa.|prof.ª": "professora", "eng.|eng.º": "engenheiro",
    "exmo.|exm.º": "excelentíssimo", "exma.|exm.ª": "excelentíssima", "av.": "avenida", "al.": "alameda",
    "trav.": "travessa", "rod.": "rodovia", "pça.|pç.": "praça", "apto.|ap.": "apartamento", "bl.": "bloco",
    "cj.": "conjunto", "tel.": "telefone", "cel.": "celular", "ref.|ref.ª": "referência", "pág.|pg.": "página",
    "págs.|pgs.": "páginas", "art.|art.º|artº.": "artigo", "cap.": "capítulo", "séc.": "século", "vol.": "volume",
    "fig.": "figura", "máx.": "máximo", "mín.": "mínimo", "aprox.": "aproximadamente", "qtd.": "quantidade",
    "obs.": "observação", "venc.": "vencimento", "ltda.|lda.": "limitada", "cia.": "companhia", "s.a.": "S A",
    "jan.": "janeiro", "fev.": "fevereiro", "abr.": "abril", "jun.": "junho", "jul.": "julho", "ago.": "agosto",
    "out.": "outubro", "nov.": "novembro", "seg.": "segunda-feira", "ter.": "terça-feira", "qua.": "quarta-feira",
    "qui.": "quinta-feira", "sáb.|sab.": "sábado", "dom.": "domingo", "sex.": "sexta-feira", "hosp.": "hospital",
    "p.p.": "pontos percentuais", "d.u.": "dias úteis", "vel.": "velocidade", "sent.": "sentido", "inc.": "inciso",
    "fls.": "folhas", "pref.": "prefeitura", "munic.": "municipal", "cond.": "condomínio", "xíc.": "xícara",
    "atend.": "atendimento", "estac.": "estacionamento", "sen.": "senador", "gov.": "governador", "pres.": "presidente",
    "téc.": "técnico", "band.": "bandeira", "tam.": "tamanho", "dec.": "decreto", "próx.|prox.": "próximo",
    "farm.": "farmácia", "resp.": "responsável", "rec.": "recibo", "pgto.|pagto.": "pagamento", "mens.": "mensalidade",
    "func.": "funcionamento", "transf.": "transferência", "lim.": "limite", "disp.": "disponível", "prev.": "previsão",
    "plataf.": "plataforma", "umid.": "umidade", "ed.": "edifício", "depto.": "departamento",
    "at.te|att.": "atenciosamente", "aux.": "auxiliar", "adm.": "administração", "sal.": "salário", "fat.": "fatura",
    "incl.": "incluído", "cód.|cod.": "código", "desc.": "desconto", "temp.": "temperatura", "ag.": "agência",
    "end.": "endereço", "pto.": "ponto", "pq.": "parque", "jd.": "jardim", "vl.": "valor", "est.": "estrada",
    "lt.": "lote", "qd.": "quadra", "lj.": "loja", "sl.": "sala", "and.": "andar", "esq.": "esquerdo",
    "dto.|dt.º": "direito", "tlm.|telem.": "telemóvel", "sto.|st.º": "santo", "sta.|st.ª": "santa", "adv.": "advogado",
    "ilmo.": "ilustríssimo", "ilma.": "ilustríssima", "a.m.": "ao mês", "a.a.": "ao ano", "parc.": "parcela",
    "dest.": "destinatário", "abast.": "abastecimento", "insc.|inscr.": "inscrição", "adic.": "adicional",
    "classif.": "classificação", "p.f.": "por favor", "vit.": "vitamina", "profs.": "professores", "últ.": "último",
    "s.f.f.": "se faz favor", "gab.": "gabinete", "ent.": "entidade", "eng.ª": "engenheira", "d.ª": "dona",
    "arq.º": "arquiteto", "arq.ª": "arquiteta", "carr.": "carruagem", "lug.": "lugar", "beb.": "bebidas",
    "excl.": "excluído", "prest.": "prestação", "unid.|un.": "unidade", "req.": "requerimento", "q.b.": "quanto baste",
    "d.l.": "decreto-lei", "reg.": "regulamento", "org.": "organização", "freg.": "freguesia", "franq.": "franquia",
    "precip.": "precipitação", "prob.": "probabilidade", "nac.": "nacional", "hab.": "habitantes", "min.": "minutos",
})  # fmt: skip
"""With their dots, and without spaces."""

TITLES: dict[str, str] = spread({
    "dr": "doutor", "dra|drª": "doutora", "sr": "senhor", "sra|srª": "senhora", "srs": "senhores", "srta": "senhorita",
    "prof": "professor", "profa|profª": "professora", "eng": "engenheiro", "dep": "deputado", "gen": "general",
    "rev": "reverendo", "cel": "coronel", "cap": "capitão", "pe": "padre", "dom": "dom",
})  # fmt: skip
"""Before a name."""

BEFORE_NUMBER: dict[str, str] = spread({
    "plat.": "plataforma", "pol.": "poltrona", "qto.": "quarto",
    "n.|nº|no.|núm.": "número", "p.|pág.": "página", "art.": "artigo", "cap.": "capítulo", "vol.": "volume",
    "fig.": "figura", "apto|apto.|ap.": "apartamento", "bl.": "bloco", "tel|tel.": "telefone", "ref.": "referência",
    "qtd": "quantidade", "km": "quilômetro", "ag.|ag": "agência", "cj.": "conjunto", "lt.": "lote", "qd.": "quadra",
    "lj.": "loja", "sl.": "sala", "proc.": "processo", "sem.": "semana", "prof.": "profundidade", "alt.": "altura",
    "rev.": "revisão", "vit.": "vitamina", "gab.": "gabinete", "ent.": "entidade", "lug.": "lugar",
    "carr.": "carruagem", "máx": "máximo", "mín": "mínimo", "venc": "vencimento",
})  # fmt: skip
"""Abbreviations before a number only."""

CHAT: dict[str, str] = {
    "vc": "você", "vcs": "vocês", "pq": "porque", "tb": "também", "tbm": "também", "obg": "obrigado", "msg": "mensagem",
    "qtd": "quantidade", "hj": "hoje", "blz": "beleza", "td": "tudo", "tds": "todos", "bjs": "beijos", "vlw": "valeu",
    "mto": "muito", "qdo": "quando", "dps": "depois", "qnd": "quando", "vlr": "valor", "p/p": "por pessoa",
    "qq": "qualquer", "flw": "falou", "r/c": "rés do chão", "c/v": "cave", "lda": "limitada", "vdd": "verdade",
    "pfv": "por favor", "msm": "mesmo", "cmg": "comigo", "c/": "com", "s/": "sem", "p/": "para",
    "c/c": "conta corrente", "n/a": "não disponível", "nº": "número", "km/h": "quilômetros por hora",
}  # fmt: skip
"""Abbreviations without dots that have one meaning only."""

WORDS = RomanceWords(
    feminine=words(
        "vez vezes noite noites parte partes tarde tardes mulher mulheres chave chaves rede redes luz flor flores foto "
        "fotos lei leis cor cores bienal suíte suítes cruz voz vozes raiz dor dores nuvem ordem ordens saúde face "
        "frase frases base bases classe classes fonte fontes ponte gente sede sedes carne torre mente morte fome febre "
        "crise crises série séries espécie equipe equipes análise análises hipótese vitrine manhã manhãs maçã maçãs "
        "irmã irmãs avó razão razões união opinião opiniões reunião reuniões região regiões lista listas pista pistas "
        "vista revista revistas entrevista entrevistas conquista vítima vítimas firma turma turmas forma formas norma "
        "normas cama camas colher colheres msg ação mãe mães mensagem mensagens mão mãos ligação ligações"
    ),
    masculine=words(
        "diploma diplomas idioma idiomas sintoma sintomas esquema cronograma exame poema aroma drama sofá sofás "
        "eletrocardiograma pijama pijamas motorista motoristas artista artistas dentista dentistas dia dias problema "
        "problemas programa programas sistema sistemas tema temas mapa mapas grama gramas quilograma miligrama "
        "miligramas cinema clima telegrama telefonema planeta planetas turista atletas poeta"
    ),
    no_nouns=words(
        "para cada ainda agora contra nada mas das nas pelas pela dela apenas antes depois está fica será era "
        "fora duas uma"
    ),
    clock_words=words("às as das até"),
    phone_words=words(
        "linha fixo ligue ligar liga telefone telefones tel telemóvel celular contato contacto whatsapp zap fone "
        "disque chame número central cel tlm telem"
    ),
    ordinal_nouns=words(
        "milênio milénio andar lugar dia semestre trimestre bimestre ano grau turno passo aviso piso colocado prêmio "
        "prémio nível mês filho tempo lote ciclo período batalhão"
    ),
    chapters=words(
        "capítulo cap art vol séc tomo volume ato parte livro anexo artigo título fase tipo categoria nível "
        "classe guerra século seção"
    ),
    starters=words("sem conv nºs mª x lg tv dto esq fte"),
)

UNITS: dict[str, tuple[str, str]] = spread({
    "mm": ("milímetro", "milímetros"), "cm": ("centímetro", "centímetros"), "m": ("metro", "metros"),
    "km": ("quilômetro", "quilômetros"), "ha": ("hectare", "hectares"), "mg": ("miligrama", "miligramas"),
    "g|gr": ("grama", "gramas"), "kg": ("quilo", "quilos"), "t": ("tonelada", "toneladas"), "lb": ("libra", "libras"),
    "ml|mL": ("mililitro", "mililitros"), "cl": ("centilitro", "centilitros"), "l|L": ("litro", "litros"),
    "ms": ("milissegundo", "milissegundos"), "s|seg": ("segundo", "segundos"), "min": ("minuto", "minutos"),
    "h|hs|hrs": ("hora", "horas"), "W": ("watt", "watts"), "kW": ("quilowatt", "quilowatts"),
    "MW": ("megawatt", "megawatts"), "Wh": ("watt-hora", "watts-hora"), "kWh": ("quilowatt-hora", "quilowatts-hora"),
    "V": ("volt", "volts"), "A": ("ampere", "amperes"), "mA": ("miliampere", "miliamperes"),
    "mAh": ("miliampere-hora", "miliamperes-hora"), "Hz": ("hertz", "hertz"), "kHz": ("quilohertz", "quilohertz"),
    "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"), "Pa": ("pascal", "pascals"),
    "hPa": ("hectopascal", "hectopascals"), "dB": ("decibel", "decibéis"), "J": ("joule", "joules"),
    "kJ": ("quilojoule", "quilojoules"), "cal": ("caloria", "calorias"), "kcal": ("quilocaloria", "quilocalorias"),
    "cv": ("cavalo", "cavalos"), "KB|kB": ("kilobyte", "kilobytes"), "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"),
    "Mbps": ("megabit por segundo", "megabits por segundo"), "Gbps": ("gigabit por segundo", "gigabits por segundo"),
    "°C|ºC": ("grau Celsius", "graus Celsius"), "°F": ("grau Fahrenheit", "graus Fahrenheit"), "°": ("grau", "graus"),
    "px": ("pixel", "pixels"), "Mb": ("megabit", "megabits"), "dorms|dorm.": ("dormitório", "dormitórios"),
    "vg|vgs": ("vaga", "vagas"), "col.": ("colher", "colheres"), "xíc.": ("xícara", "xícaras"),
    '"|pol.': ("polegada", "polegadas"), "d": ("dia", "dias"), "mcg|µg": ("micrograma", "microgramas"),
    "dl|dL": ("decilitro", "decilitros"), "UI|U|un|un.|unid.": ("unidade", "unidades"),
    "mEq": ("miliequivalente", "miliequivalentes"), "mmol": ("milimol", "milimols"),
    "mmHg": ("milímetro de mercúrio", "milímetros de mercúrio"),
    "bpm": ("batimento por minuto", "batimentos por minuto"),
    "comp|comp.|cp|cp.|cps|cps.": ("comprimido", "comprimidos"), "cáps|cáps.|caps": ("cápsula", "cápsulas"),
    "gts|gts.|gt": ("gota", "gotas"), "amp.": ("ampola", "ampolas"), "cx|cx.": ("caixa", "caixas"),
    "pç|pçs": ("peça", "peças"), "qtos|qtos.": ("quarto", "quartos"), "pts": ("ponto", "pontos"),
    "ng": ("nanograma", "nanogramas"), "pg": ("picograma", "picogramas"), "fL": ("fentolitro", "fentolitros"),
    "Ah": ("ampere-hora", "amperes-hora"), "sem.": ("semana", "semanas"), "hl": ("hectolitro", "hectolitros"),
    "atm": ("atmosfera", "atmosferas"), "dz|dz.": ("dúzia", "dúzias"), "pct.": ("pacote", "pacotes"),
    "mUI": ("miliunidade", "miliunidades"), "µUI": ("microunidade", "microunidades"), "nmol": ("nanomol", "nanomols"),
    "µmol": ("micromol", "micromols"), "pax": ("passageiro", "passageiros"),
})  # fmt: skip
"""By symbol, with the words for one and for several."""

PER_UNITS: dict[str, str] = spread({
    "h": "hora", "dia|d": "dia", "mês|mes": "mês", "ano": "ano", "semana|sem": "semana", "noite": "noite",
    "pessoa": "pessoa", "min": "minuto", "s": "segundo", "kg": "quilo", "l": "litro", "dep": "dependente",
    "un": "unidade",
})  # fmt: skip
"""After a slash: "5 € / h"."""
