"""Abbreviations and titles of Portuguese. Keys are in lower case."""

from herald.speech.reading.languages.romance_words import PROVIDERS, RomanceWords
from herald.speech.reading.table import words

PORTUGUESE_ABBREVIATIONS: dict[str, str] = {
    "etc.": "et cetera", "ex.": "exemplo", "p.ex.": "por exemplo", "sr.": "senhor", "sra.": "senhora",
    "srs.": "senhores", "sras.": "senhoras", "srta.": "senhorita", "dr.": "doutor", "dra.": "doutora",
    "drs.": "doutores", "prof.": "professor", "profa.": "professora", "eng.": "engenheiro", "exmo.": "excelentíssimo",
    "exma.": "excelentíssima", "av.": "avenida", "al.": "alameda", "trav.": "travessa", "rod.": "rodovia",
    "pça.": "praça", "apto.": "apartamento", "ap.": "apartamento", "bl.": "bloco", "cj.": "conjunto",
    "tel.": "telefone", "cel.": "celular", "ref.": "referência", "pág.": "página", "págs.": "páginas",
    "art.": "artigo", "cap.": "capítulo", "séc.": "século", "vol.": "volume", "fig.": "figura", "máx.": "máximo",
    "mín.": "mínimo", "aprox.": "aproximadamente", "qtd.": "quantidade", "obs.": "observação", "venc.": "vencimento",
    "ltda.": "limitada", "cia.": "companhia", "s.a.": "S A", "jan.": "janeiro", "fev.": "fevereiro", "abr.": "abril",
    "jun.": "junho", "jul.": "julho", "ago.": "agosto", "out.": "outubro", "nov.": "novembro",
    "seg.": "segunda-feira", "ter.": "terça-feira", "qua.": "quarta-feira", "qui.": "quinta-feira", "sáb.": "sábado",
    "dom.": "domingo", "sex.": "sexta-feira", "sab.": "sábado", "hosp.": "hospital", "p.p.": "pontos percentuais",
    "d.u.": "dias úteis", "vel.": "velocidade", "sent.": "sentido", "inc.": "inciso",
    "fls.": "folhas", "pref.": "prefeitura", "munic.": "municipal", "cond.": "condomínio",
    "xíc.": "xícara", "atend.": "atendimento", "estac.": "estacionamento",
    "sen.": "senador", "gov.": "governador", "pres.": "presidente", "téc.": "técnico", "band.": "bandeira",
    "tam.": "tamanho", "dec.": "decreto", "próx.": "próximo", "prox.": "próximo", "farm.": "farmácia",
    "resp.": "responsável", "rec.": "recibo", "pgto.": "pagamento", "pagto.": "pagamento", "mens.": "mensalidade",
    "func.": "funcionamento", "transf.": "transferência", "lim.": "limite", "disp.": "disponível",
    "prev.": "previsão", "plataf.": "plataforma", "umid.": "umidade", "ed.": "edifício", "depto.": "departamento",
    "at.te": "atenciosamente", "att.": "atenciosamente", "aux.": "auxiliar", "adm.": "administração",
    "sal.": "salário", "fat.": "fatura", "incl.": "incluído",
    "cód.": "código", "cod.": "código", "desc.": "desconto", "temp.": "temperatura", "ag.": "agência",
    "end.": "endereço", "pto.": "ponto", "pq.": "parque", "jd.": "jardim", "vl.": "valor", "est.": "estrada",
    "lt.": "lote", "qd.": "quadra", "lj.": "loja", "sl.": "sala", "and.": "andar", "esq.": "esquerdo",
    "dto.": "direito", "dt.º": "direito", "tlm.": "telemóvel", "telem.": "telemóvel", "sto.": "santo",
    "sta.": "santa", "adv.": "advogado", "ilmo.": "ilustríssimo", "ilma.": "ilustríssima", "drª.": "doutora",
    "srª.": "senhora", "dr.ª": "doutora", "sr.ª": "senhora", "prof.ª": "professora", "a.m.": "ao mês",
    "a.a.": "ao ano", "parc.": "parcela", "dest.": "destinatário", "abast.": "abastecimento", "insc.": "inscrição",
    "adic.": "adicional", "classif.": "classificação", "p.f.": "por favor", "vit.": "vitamina",
    "profs.": "professores", "últ.": "último", "pgs.": "páginas",
    "pg.": "página", "s.f.f.": "se faz favor",
    "gab.": "gabinete", "ent.": "entidade", "eng.º": "engenheiro", "eng.ª": "engenheira", "st.ª": "santa",
    "st.º": "santo", "art.º": "artigo", "d.ª": "dona", "exm.º": "excelentíssimo", "exm.ª": "excelentíssima",
    "arq.º": "arquiteto", "arq.ª": "arquiteta", "sr.º": "senhor", "prof.º": "professor", "carr.": "carruagem",
    "lug.": "lugar", "beb.": "bebidas", "excl.": "excluído", "pç.": "praça", "prest.": "prestação",
    "unid.": "unidade", "req.": "requerimento", "q.b.": "quanto baste", "lda.": "limitada",
    "d.l.": "decreto-lei", "reg.": "regulamento", "inscr.": "inscrição", "org.": "organização",
    "freg.": "freguesia", "franq.": "franquia", "precip.": "precipitação", "prob.": "probabilidade",
    "nac.": "nacional", "ref.ª": "referência", "artº.": "artigo", "un.": "unidade",
    "hab.": "habitantes", "min.": "minutos",
}  # fmt: skip
"""With their dots, and without spaces."""

PORTUGUESE_TITLES: dict[str, str] = {
    "dr": "doutor", "dra": "doutora", "sr": "senhor", "sra": "senhora", "srs": "senhores", "srta": "senhorita",
    "prof": "professor", "profa": "professora", "profª": "professora", "drª": "doutora", "srª": "senhora",
    "eng": "engenheiro", "dep": "deputado", "gen": "general", "rev": "reverendo", "cel": "coronel", "cap": "capitão",
    "pe": "padre",
    "dom": "dom",
}  # fmt: skip
"""Before a name."""

PORTUGUESE_BEFORE_NUMBER: dict[str, str] = {
    "n.": "número", "nº": "número", "no.": "número", "núm.": "número", "p.": "página", "pág.": "página",
    "art.": "artigo", "cap.": "capítulo", "vol.": "volume", "fig.": "figura", "apto": "apartamento",
    "apto.": "apartamento", "ap.": "apartamento", "bl.": "bloco", "tel": "telefone", "tel.": "telefone",
    "ref.": "referência", "qtd": "quantidade", "km": "quilômetro", "ag.": "agência", "ag": "agência",
    "cj.": "conjunto", "lt.": "lote", "qd.": "quadra", "lj.": "loja", "sl.": "sala", "proc.": "processo",
    "sem.": "semana", "prof.": "profundidade", "alt.": "altura", "rev.": "revisão", "vit.": "vitamina",
    "gab.": "gabinete",
    "ent.": "entidade", "lug.": "lugar",
    "carr.": "carruagem",
    "máx": "máximo", "mín": "mínimo", "venc": "vencimento",
}  # fmt: skip
"""Abbreviations before a number only."""

PORTUGUESE_CHAT: dict[str, str] = {
    "vc": "você", "vcs": "vocês", "pq": "porque", "tb": "também", "tbm": "também", "obg": "obrigado",
    "msg": "mensagem", "qtd": "quantidade", "hj": "hoje", "blz": "beleza", "td": "tudo", "tds": "todos",
    "bjs": "beijos", "vlw": "valeu", "mto": "muito", "qdo": "quando",
    "dps": "depois", "qnd": "quando", "vlr": "valor", "p/p": "por pessoa", "qq": "qualquer", "flw": "falou",
    "r/c": "rés do chão", "c/v": "cave", "lda": "limitada",
    "vdd": "verdade", "pfv": "por favor", "msm": "mesmo", "cmg": "comigo", "c/": "com", "s/": "sem",
    "p/": "para",
    "c/c": "conta corrente", "n/a": "não disponível", "nº": "número", "km/h": "quilômetros por hora",
}  # fmt: skip
"""Abbreviations without dots that have one meaning only."""

WORDS = RomanceWords(
    feminine=words(
        "vez vezes noite noites parte partes tarde tardes mulher mulheres chave chaves rede redes luz flor "
        "flores foto fotos lei leis cor cores bienal "
        "suíte suítes cruz voz vozes raiz dor dores nuvem ordem ordens saúde face frase frases base bases classe "
        "classes fonte fontes ponte gente sede sedes carne torre mente morte fome febre crise crises série séries "
        "espécie equipe equipes análise análises hipótese vitrine manhã manhãs maçã maçãs irmã irmãs avó razão razões "
        "união opinião opiniões reunião reuniões região regiões lista listas pista pistas vista revista revistas "
        "entrevista entrevistas conquista vítima vítimas firma turma turmas forma formas norma normas cama camas "
        "colher colheres msg ação mãe mães mensagem mensagens mão mãos ligação ligações"
    ),
    masculine=words(
        "diploma diplomas idioma idiomas sintoma sintomas esquema cronograma exame poema aroma drama sofá sofás "
        "eletrocardiograma pijama pijamas motorista motoristas artista artistas dentista dentistas "
        "dia dias problema problemas programa programas sistema sistemas tema temas mapa mapas grama gramas "
        "quilograma miligrama miligramas "
        "cinema clima telegrama telefonema planeta planetas turista atletas poeta"
    ),
    no_nouns=words(
        "para cada ainda agora contra nada mas das nas pelas pela dela apenas antes depois está fica será era "
        "fora duas uma"
    ),
    slash="barra",
    clock_words=words("às as das até"),
    phone_words=words(
        "linha fixo ligue ligar liga "
        "telefone telefones tel telemóvel celular contato contacto whatsapp zap fone disque "
        "chame número central cel tlm telem"
    ),
    number_word="número",
    ordinal_nouns=words(
        "milênio milénio "
        "andar lugar dia semestre trimestre bimestre ano grau turno passo aviso piso colocado prêmio prémio "
        "nível mês filho tempo lote "
        "ciclo período batalhão"
    ),
    chapters=words(
        "capítulo cap art vol séc tomo volume ato parte livro anexo artigo título fase tipo categoria nível "
        "classe guerra século seção"
    ),
    known_names=PROVIDERS,
    starters=words("sem conv nºs mª x lg tv dto esq fte"),
)
