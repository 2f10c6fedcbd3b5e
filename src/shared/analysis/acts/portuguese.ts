import { type ActRules, anywhere, atStart } from './act-rules.ts';

const span =
  '(?:minutos?|horas?|dias?|semanas?|mes|meses|anos?|ontem|tempo|tempos|segunda|terca|quarta|quinta|sexta)';

export const portuguese: ActRules = {
  leadIn: atStart(
    'ola(?: a todos| pessoal| bom dia| boa tarde)? | oi(?: pessoal| gente)? | bom dia | boa tarde | boa noite | ok | bem | bom | e | entao | ah | oh | desculpe | desculpa | obrigad[oa] | sim | tambem | so | prezad[oa]s?',
  ),
  joint: /\s(?:mas|porque|porem|embora|entao)\s/g,
  asks: atStart(`
    (?:a |de |com |em |por |para |ate |desde )?(?:qual|quais|quanto|quanta|quantos|quantas) [a-z]+ | (?:a|ate|desde|a partir de) que horas? | onde (?:esta|estao|fica|posso|e|encontro|ta) | quando (?:chega|chegam|abre|abrem|fecha|e|vem|posso|sai|comeca|vai|vao|fica|recebo) | como (?:posso|faco|e|funciona|vai|chego|pago|se|cancelo) | (?:o que|que) (?:devo|preciso|faco|acontece|horas|dia|documentos?|tenho) | por ?que (?:a|o|nao|esta) | quem (?:pode|e|devo)
    (?:gostaria|queria|quero|gostava|preciso|precisava|desejo) (?:de )?(?:saber|perguntar|confirmar se|tirar uma duvida) | (?:uma |tenho uma )(?:pergunta|duvida|questao) | (?:pode|podem|poderia|podia|consegue|voce pode) (?:me )?(?:dizer|informar|confirmar|explicar|dizer-me|informar-me) | (?:alguem|voces?) (?:sabe|sabem) | sabe(?:m)? se | nao sei (?:se|qual|como|onde|que) | sera que
    (?:voces?|ai) (?:estao|esta|tem|abrem|fecham|aceitam|entregam|fazem|vendem|ainda) | (?:tem|ha|aceitam|fazem|entregam|abrem) (?:vagas?|algum|alguma|mesa|lugar|horario|alguem|estacionamento|cartao|entregas?|aos?|ainda|como|desconto) | (?:da|posso|podemos|precisa|e possivel|preciso) (?:para |de )?(?:pagar|levar|entrar|fazer|ir|trocar|usar|marcar|parcelar) | ainda (?:ha|tem) | e (?:verdade|normal|obrigatorio)`),
  grievance: anywhere(`
    (?:ainda|continuo|continua|continuam|sigo) (?:nao|sem|nada|a espera|esperando|avariad[oa]|quebrad[oa]) | ate agora (?:nada|nao|ninguem|sem) | (?:segunda|terceira|quarta|quinta|enesima|[0-9]+a) (?:vez|reclamacao|mensagem|ligacao|queixa) | (?:segundo|terceiro|quarto|quinto) (?:e-?mail|contato|contacto|pedido|aviso) | (?:outra vez|de novo|novamente) (?:sem|nao|avariad[oa]|quebrad[oa]|atrasad[oa]|errad[oa]) | (?:sem|nao [a-z]+|quebrou|avariou|caiu|errado|atrasado) (?:internet |luz )?(?:outra vez|de novo|novamente)
    ninguem (?:me |nos |se )?[a-z]+ | nunca (?:me |foi |foram )?(?:chegou|chegaram|recebi|recebemos|veio|vieram|respond[a-z]+|funcionou|atend[a-z]+|entreg[a-z]+) | nao (?:me |foi |foram )?(?:chegou|recebi|recebemos|veio|apareceu|responde[a-z]*|atende[a-z]*|cumpri[a-z]+|resolv[a-z]+|entreg[a-z]+|devolv[a-z]+) | sem (?:resposta|retorno|solucao|explicacao)
    (?:estou|estamos|fiquei|espero|esperei|aguardo) (?:ha|a|mais de|faz) (?:[a-z0-9]+ ){0,3}${span} | (?:ha|faz) (?:[a-z0-9]+ ){1,4}${span} (?:que |a |sem|espero|esperando|aguardo)
    pessim[oa]s? | horrivel | terrivel | vergonha | vergonhos[oa] | absurdo | inaceitavel | inadmissivel | decepcion[a-z]+ | desilud[a-z]+ | desapont[a-z]+ | irritad[oa] | chatead[oa] | furios[oa] | revoltad[oa] | fart[oa] | cansad[oa] de | insatisfeit[oa] | indignad[oa] | desrespeito | descaso | palhacada | golpe | burla | roubo | reclam[a-z]+ | queix[a-z]+ | lamentavel | mal[- ]educad[oa] | grosseir[oa] | ma qualidade | mau (?:atendimento|servico) | (?:cobrad[oa]|cobraram|cobrando|debitad[oa])(?: [a-z]+){0,3} (?:duas vezes|em dobro|a mais|duplicado) | prometeram | como (?:e|pode ser) possivel`),
  fault: anywhere(`
    quebrad[oa]s? | quebrou | partid[oa]s? | danificad[oa]s? | estragad[oa]s? | avariad[oa]s? | avariou | defeituos[oa]s? | com defeito | rasgad[oa]s? | suj[oa]s? | molhad[oa]s? | vencid[oa]s? | queimad[oa]s? | fri[oa]s? (?:e|quando) | errad[oa]s? | (?:falta|faltam|faltando|faltou) (?:uma?|duas|dois|pecas?|metade|o|a|os|as) | (?:perderam|extraviaram|extraviad[oa]|perdeu-se)
    nao (?:funciona|funcionam|liga|carrega|abre|consigo (?:entrar|acessar|aceder|pagar|fazer login)|deixa|conecta|aquece|anda) | parou de funcionar | sem (?:internet|luz|agua|sinal|aquecimento) | (?:trava|travou|travando|caiu) | (?:chegou|veio|vieram|chegaram) (?:muito )?(?:tarde|atrasad[oa]|fri[oa]|errad[oa]|incomplet[oa]|aberto) | atras(?:o|ad[oa]s?|ou) | (?:foi|voo) cancelad[oa] | cancelaram | mais (?:car[oa]|alt[oa]) (?:do )?que`),
  sound: anywhere(
    `(?:nada|nenhum[a-z]*|nao|sem) (?:[a-z]+ ){0,2}(?:quebrad[oa]|estragad[oa]|problemas?|queixas?|faltou) | nao (?:ha|tem) (?:pressa|problema) | (?:perdi|esqueci|quebrei|enganei-me|me enganei|errei) | (?:ja|agora) (?:funciona|funcionou|esta (?:tudo )?(?:bem|resolvido)|chegou)`,
  ),
  supposes: atStart('se | caso'),
  requests: anywhere(`
    (?:me |nos )?(?:pode|podem|poderia|poderiam|podia|podiam|consegue|conseguem|podes|posso|podemos)(?: [a-z]+)? [a-z]+(?:ar|er|ir|or|me|nos|lo|la) | (?:quero|queremos|queria|queriamos|gostaria|gostariamos|gostava|preciso|precisamos|precisava|desejo|solicito|solicitamos|peco|pedimos|agradeco que|procuro)(?! (?:de )?(?:saber|perguntar|agradecer|dizer|confirmar se))(?: de)? [a-z]+ | seria possivel | e possivel (?:[a-z]+(?:ar|er|ir)) | importa-se | ha como | tem como`),
  orders: atStart(
    '(?:cancele|cancelem|envie|enviem|mande|mandem|ligue|liguem|avise|avisem|troque|mude|mudem|altere|alterem|confirme|confirmem|reserve|reservem|deixe|deixem|coloque|bloqueie|devolva|devolvam|reembolsem|entregue|entreguem|tire|retire|retirem|corrija|atualizem?|verifique|verifiquem|marque|marquem|diga|fale|passe|guarde)(?:-(?:me|nos))? | me (?:liga|ligue|manda|mande|envia|envie|avisa|avise|passa|passe|ajuda|ajude|retorne|retorna) | (?:manda|envia|liga|avisa|cancela|troca|deixa|marca|reserva|passa)(?:-me)? (?:o|a|os|as|um|uma|me|quando|para|pra) | (?:uma?|duas|dois) (?:mesa|pizzas?|quarto|bilhetes?) | (?:preciso|quero|procuro)',
  ),
  please: anywhere('por favor | por gentileza | pfv | pf | faz favor | se faz favor | se possivel'),
  declines: atStart(
    'sim por favor | nao obrigad[oa] | de nada | nao se preocupe | sem problemas? | obrigad[oa] (?:pel|por)[a-z]* | muito obrigad[oa]',
  ),
  inverts: atStart(
    '(?:tem|ha|esta|estao|e|sao|posso|podemos|pode|aceitam|fazem|entregam|abrem|fica) (?:abert[oa]s?|disponivel|incluid[oa]|gratis|livre|possivel|algum|alguma|como|perto|ai)',
  ),
};
