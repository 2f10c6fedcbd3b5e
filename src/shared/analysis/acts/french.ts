import { type ActRules, anywhere, atStart } from './act-rules.ts';

const wh = '(?:que|quoi|quel|quelle|quels|quelles|quand|ou|comment|combien|pourquoi|qui|si)';
const span =
  '(?:minutes?|heures?|jours?|semaines?|mois|ans?|longtemps|hier|lundi|mardi|mercredi|jeudi|vendredi)';

export const french: ActRules = {
  leadIn: atStart(
    'bonjour(?: a tous| madame| monsieur)? | bonsoir | salut | coucou | madame | monsieur | ok | bon | bien | et | alors | donc | ah | oh | pardon | desolee? | excusez-moi | merci | oui | aussi | sinon | juste',
  ),
  joint: /\s(?:mais|car|parce que|alors que|donc)\s/g,
  asks: atStart(`
    est-ce qu[a-z]* | qu'est-ce qu[a-z]* | (?:a |de |en |pour |avec |jusqu'a |depuis )?(?:quel|quelle|quels|quelles|combien|quand|comment|pourquoi|a qui) (?!vous voulez|je serai)[a-z]+ | ou (?:est|sont|en est|puis-je|peut-on|se trouve|dois-je|je|on)
    (?:je |j'|nous )?(?:voudrais|voulais|aimerais|souhaite|souhaiterais|voudrions|aimerions) (?:bien )?(?:savoir|demander|connaitre) | (?:je me demande|je me demandais|je ne sais pas|je ne comprends pas) (?:${wh}|ce|comment)
    (?:pouvez-vous|pourriez-vous|peux-tu|pourrais-tu|vous pouvez|tu peux) (?:me |nous )?(?:dire|indiquer|confirmer|preciser|expliquer) | dites-moi | (?:une |petite |une petite |j'ai une )question | (?:savez-vous|sais-tu|quelqu'un sait) | y a-t-il | il y a (?:un|une|des|encore) .*(?:places?|parking|moyen)
    (?:vous|tu) (?:etes|es|avez|as|livrez|livres|acceptez|acceptes|faites|fais|vendez|ouvrez|prenez|proposez) (?!ferme)[a-z]+ | (?:puis-je|peut-on|dois-je|faut-il|ai-je|suis-je|avez-vous|etes-vous|acceptez-vous|livrez-vous|faites-vous|[a-z]+-(?:t-)?(?:il|elle|ils|elles|on|ce))`),
  grievance: anywhere(`
    toujours (?:pas|rien|aucune?|en panne|casse|sans|en attente) | encore (?:en panne|casse|une fois (?:en retard|rien|pas)|rien recu) | (?:deuxieme|troisieme|quatrieme|cinquieme|enieme|[0-9]+e|[0-9]+eme) (?:fois|mail|message|appel|courrier|relance|demande)
    personne (?:ne|n') ?[a-z]+ | (?:n'|ne |n’)?(?:est |sont |ai |a |avons |ont )?jamais (?:arrivee?s?|recue?s?|livree?s?|venue?s?|repondu|rappelee?|eu) | (?:pas|aucune) (?:de )?(?:reponse|nouvelles?|retour|explication|excuses?) | (?:n'est|n'est toujours|ne m'a|n'a|n'ai|ne sont) pas (?:arrivee?|venue?|livree?|recu|conforme|acceptable|normal|rappelee?|repondu|rembourse)
    (?:attends?|attendons|attendu|patiente)(?: [a-z]+){0,4} (?:depuis|plus de|pendant|[0-9]+|deux|trois|une) | depuis (?:[a-z]+ |[0-9]+ )?${span} (?:sans|je n'ai|plus|rien|j'attends|pas|aucun)
    decue?s? | deception | decevant | inadmissible | inacceptable | honteux | honte | scandal[a-z]+ | nulle?s? | catastroph[a-z]+ | lamentable | horrible | affreux | arnaque | escroc[a-z]* | voleurs? | furieu[a-z]+ | enervee?s? | agacee?s? | mecontente?s? | insatisfaite?s? | marre | ras le bol | plainte | plaindre | reclamation | incompetents? | impoli[a-z]* | desagreable | malpoli[a-z]* | se moque de | mauvaise? (?:service|qualite|experience|accueil) | (?:debitee?|prelevee?|facturee?|paye)(?: [a-z]+){0,3} (?:deux fois|en double|trop) | perdu (?:mon|ma|mes|notre) (?:temps|bagages?|valise|colis|commande|journee) | comment (?:est-ce|se fait-il) (?:possible )?que? | pourquoi (?:personne|toujours|je n'ai|vous ne)`),
  fault: anywhere(`
    cassee?s? | abimee?s? | endommagee?s? | defectueu[a-z]+ | en panne | hors service | dechiree?s? | rayee?s? | sales? | moisi[a-z]* | perimee?s? | brulee?s? | trempee?s? | fuit | manquante?s? | (?:il )?manque(?:nt)? (?:une?|la|le|les|deux|trois|des|[a-z]+ pieces?) | mauvaise? (?:taille|article|produit|adresse|couleur|commande|modele|montant|reference) | erronee?s?
    (?:ne |n')?(?:marche|fonctionne|fonctionnent|demarre|charge|s'allume|s'ouvre|repond|chauffe) (?:toujours |plus |meme )?(?:pas|plus) | plus (?:d'internet|de connexion|d'eau chaude|de chauffage) | (?:pas|sans) (?:d'internet|internet|de connexion|d'eau chaude|chauffage) | (?:plante|bugue?|coupe) | (?:impossible|pas) (?:de|moyen de) (?:me connecter|payer|vous joindre|acceder)
    annulee?s? (?:sans|et personne) | (?:a ete|est|etait) (?:annulee?|perdue?) | en retard | retard de | trop (?:tard|chere?|froide?) | froide?s? (?:et|quand) | plus (?:chere?|elevee?) que`),
  sound: anywhere(`
    (?:rien|aucun[a-z]*|pas|jamais) (?:[a-z]+ ){0,2}(?:cassee?s?|abimee?s?|mal|problemes?|soucis?) | j'ai (?:perdu|oublie|casse) (?:ma|mon) (?:carte|cle|mot|telephone|code) | (?:je me suis|me suis) trompee? | (?:marche|fonctionne) (?:maintenant|a nouveau|bien|tres bien) | ca marche(?! pas| plus)`),
  supposes: atStart("si | s'il(?! vous plait) | au cas ou"),
  requests: anywhere(`
    (?:pouvez-vous|pourriez-vous|peux-tu|pourrais-tu|voulez-vous|vous pouvez|vous pourriez|tu peux|tu pourrais|puis-je|pourrais-je|peut-on|pourrait-on) (?:me |m'|nous |le |la |les |l')?(?:avoir |[a-z]+(?:er|ir|re|oir))
    (?:je |j'|nous )(?:voudrais|voudrions|aimerais|aimerions|veux|souhaite|souhaiterais|souhaitons|desire|demande|cherche|prefererais)(?! (?:bien )?(?:savoir|demander|connaitre|remercier|dire|si)) | (?:j'ai|nous avons|j'aurais) besoin d | merci de (?!votre|m'avoir|nous avoir|la|l')[a-z]+ | (?:serait-il|est-il|serait-ce|c'est|il serait) possible d | je vous (?:prie|demande|saurais gre) | remboursez | etre rembours[a-z]+`),
  orders: atStart(
    'veuillez | (?:envoyez|rappelez|appelez|annulez|changez|modifiez|confirmez|reservez|laissez|donnez|mettez|bloquez|supprimez|remboursez|livrez|remplacez|prevenez|contactez|deposez|ajoutez|retirez|desinscrivez|excusez|transmettez|faites|preparez|gardez|arretez)(?:-(?:moi|nous|le|la|les))? | (?:envoie|rappelle|appelle|annule|change|laisse|donne|mets|previens|reserve)(?:-(?:moi|nous))? (?:le|la|les|mon|ma|mes|un|une|moi|quand|pour) | (?:une|deux|trois|un) (?:table|chambre|pizzas?|places?|billets?|baguettes?) | besoin d',
  ),
  please: anywhere("s'il (?:vous|te) plait | svp | stp | merci d'avance"),
  declines: atStart(
    "oui s'il vous plait | non merci | pas de (?:souci|probleme|soucis) | ne vous inquietez pas | prenez votre temps | merci (?:pour|beaucoup|bien)",
  ),
  inverts: atStart(
    "(?:est|sont|a|avez|peut|dois|faut|serait)-(?:t-)?(?:ce|il|elle|ils|elles|on|vous|je) | c'est (?:ouvert|possible|inclus|compris|gratuit)",
  ),
};
